/** The model of the AI SDK's contestants: it answers in process, so that the CPU is the framework's and its observers'. */
import { type LanguageModel } from "ai";

let answers = 0;

export const PROMPT: string = "Find me a trail near Moab, Utah. ".repeat(40);

export function mockModel(): Exclude<LanguageModel, string> {
  const text = "Go to Moab. ".repeat(20);
  const usage = {
    inputTokens: { total: 900, noCache: 600, cacheRead: 300, cacheWrite: undefined },
    outputTokens: { total: 120, text: 100, reasoning: 20 },
  };
  const finishReason = { unified: "stop", raw: "stop" } as const;
  const identity = (): { id: string; modelId: string; timestamp: Date } => {
    answers += 1;
    return { id: `chatcmpl-${answers}`, modelId: "gpt-5-2025-08-07", timestamp: new Date() };
  };
  return {
    specificationVersion: "v4",
    provider: "openai.chat",
    modelId: "gpt-5",
    supportedUrls: {},
    doGenerate: async () => ({
      content: [{ type: "text", text }],
      finishReason,
      usage,
      warnings: [],
      response: identity(),
    }),
    doStream: async () => {
      const parts = [
        { type: "stream-start", warnings: [] } as const,
        { type: "response-metadata", ...identity() } as const,
        { type: "text-start", id: "1" } as const,
        ...Array.from({ length: 100 }, () => ({ type: "text-delta", id: "1", delta: "trail " }) as const),
        { type: "text-end", id: "1" } as const,
        { type: "finish", finishReason, usage } as const,
      ];
      let next = 0;
      const stream = new ReadableStream({
        pull(controller) {
          const part = parts[next];
          next += 1;
          if (part === undefined) controller.close();
          else controller.enqueue(part);
        },
      });
      return { stream };
    },
  };
}
