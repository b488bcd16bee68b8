import { type OpenAI } from "openai";

import { SYSTEM_PROMPT, type TrailSearch, writePrompt } from "../trail-search.ts";
import { type AnswerPart, TrailReader } from "../trail.ts";
import { type AskOptions } from "./ask-claude.ts";

/** Asks GPT, with web search, and yields what it finds while it writes. Errors are the SDK's own. */
export async function* askGpt(
  openai: OpenAI,
  search: TrailSearch,
  options: AskOptions,
): AsyncGenerator<AnswerPart> {
  const stream = await openai.responses.create(
    {
      model: search.model,
      max_output_tokens: 2000,
      instructions: SYSTEM_PROMPT,
      input: writePrompt(search),
      tools: [{ type: "web_search" }],
      stream: true,
    },
    options,
  );
  const reader = new TrailReader();
  for await (const event of stream) {
    if (event.type !== "response.output_text.delta") continue;
    for (const trail of reader.push(event.delta)) yield { kind: "trail", trail };
  }
  for (const trail of reader.end()) yield { kind: "trail", trail };
}
