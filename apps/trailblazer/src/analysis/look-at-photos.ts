import { type Providers, chooseModel } from "../providers.ts";
import { PHOTO_MODELS, type PhotoQuestion, writePhotoPrompt } from "./photo-report.ts";

/** What goes on to the provider's SDK. */
export interface LookOptions {
  readonly signal: AbortSignal | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Shows the photos to a model that sees, and gives its answer. Rejects with the SDK's own error. */
export async function lookAtPhotos(
  providers: Providers,
  question: PhotoQuestion,
  options: LookOptions,
): Promise<string> {
  const model = chooseModel(providers, PHOTO_MODELS);
  const text = writePhotoPrompt(question);
  if (model.startsWith("gpt")) {
    const images = question.photos.map(({ type, base64 }) => ({
      type: "input_image" as const,
      detail: "auto" as const,
      image_url: `data:${type};base64,${base64}`,
    }));
    const content = [...images, { type: "input_text" as const, text }];
    const response = await providers.openai?.responses.create(
      { model, max_output_tokens: 3000, input: [{ role: "user", content }] },
      options,
    );
    return response?.output_text ?? "";
  }
  const images = question.photos.map(({ type, base64 }) => ({
    type: "image" as const,
    source: { type: "base64" as const, media_type: type, data: base64 },
  }));
  const content = [...images, { type: "text" as const, text }];
  const message = await providers.anthropic?.messages.create(
    { model, max_tokens: 1000, messages: [{ role: "user", content }] },
    options,
  );
  return message?.content.map((block) => (block.type === "text" ? block.text : "")).join("") ?? "";
}
