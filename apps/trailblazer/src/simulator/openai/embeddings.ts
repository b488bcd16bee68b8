import { createHash } from "node:crypto";

import { type Call } from "../call.ts";
import { type JsonObject, countOf } from "../json.ts";
import { ProviderError } from "../provider-error.ts";
import { tokenize } from "../tokens.ts";
import { missing, readModel } from "./request.ts";

/** Accepts the body of `POST /v1/embeddings`. @throws {ProviderError} as OpenAI refuses it. */
export function acceptEmbeddings(body: JsonObject, withoutUsage: boolean): Call {
  const model = readModel(body["model"], "embedding");
  const inputs = readInputs(body["input"]);
  const longest = model.snapshot.endsWith("large") ? 3072 : 1536;
  const dimensions = countOf(body["dimensions"]) ?? longest;
  if (dimensions > longest) {
    const message = `Invalid value for 'dimensions': ${dimensions}. ${model.snapshot} has at most ${longest}.`;
    throw new ProviderError(400, message, { parameter: "dimensions" });
  }
  const input = inputs.reduce((sum, tokens) => sum + tokens.length, 0);
  return {
    id: undefined,
    api: "openai.embeddings",
    model,
    streamed: false,
    promptUsage: { input },
    steps: () => [],
    body: () => ({
      object: "list",
      data: inputs.map((tokens, index) => {
        const vector = embed(tokens, dimensions);
        const embedding = body["encoding_format"] === "base64" ? toBase64(vector) : [...vector];
        return { object: "embedding", index, embedding };
      }),
      model: model.snapshot,
      ...(withoutUsage ? {} : { usage: { prompt_tokens: input, total_tokens: input } }),
    }),
  };
}

/** A text, a list of texts, a list of token numbers, or a list of such lists; each as its tokens. */
function readInputs(input: unknown): readonly (readonly string[])[] {
  if (typeof input === "string" && input !== "") return [tokenize(input)];
  if (!Array.isArray(input) || input.length === 0) throw missing("input");
  if (input.every((item) => typeof item === "number")) return [input.map(String)];
  return input.map((item: unknown) => {
    if (typeof item === "string" && item !== "") return tokenize(item);
    if (Array.isArray(item) && item.length > 0) return item.map(String);
    throw new ProviderError(400, "'$.input' is invalid: give texts or lists of tokens, none of them empty.", {
      parameter: "input",
    });
  });
}

/** A unit vector: the sum of one direction per token, so that texts with the same words are near each other. */
function embed(tokens: readonly string[], dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const token of tokens) {
    const digest = createHash("sha512").update(token.trim().toLowerCase()).digest();
    for (let place = 0; place + 3 < digest.length; place += 4) {
      const at = digest.readUInt16LE(place) % dimensions;
      vector[at] = (vector[at] ?? 0) + digest.readInt16LE(place + 2) / 32_768;
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** Little-endian 32-bit floats, as OpenAI packs them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString("base64");
}
