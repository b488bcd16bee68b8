import { type Anthropic } from "@anthropic-ai/sdk";

import { SYSTEM_PROMPT, type TrailSearch, writePrompt } from "../trail-search.ts";
import { type AnswerPart, TrailReader } from "../trail.ts";

/** What the route hands on to the provider's SDK. */
export interface AskOptions {
  /** Aborted when the person who asked is gone: the model stops, and so does the bill. */
  readonly signal: AbortSignal | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks Claude, with web search, and yields what it finds while it writes. Errors are the SDK's own. */
export async function* askClaude(
  anthropic: Anthropic,
  search: TrailSearch,
  options: AskOptions,
): AsyncGenerator<AnswerPart> {
  const stream = await anthropic.messages.create(
    {
      model: search.model,
      max_tokens: 2000,
      system: SYSTEM_PROMPT,
      messages: [{ role: "user", content: writePrompt(search) }],
      tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 3 }],
      stream: true,
    },
    options,
  );
  const reader = new TrailReader();
  for await (const event of stream) {
    if (event.type === "content_block_start" && event.content_block.type === "web_search_tool_result") {
      const { content } = event.content_block;
      // A search that failed has an error here instead of pages.
      if (Array.isArray(content))
        yield { kind: "pages", pages: content.map(({ title, url }) => ({ title, url })) };
    }
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
      for (const trail of reader.push(event.delta.text)) yield { kind: "trail", trail };
    }
  }
  for (const trail of reader.end()) yield { kind: "trail", trail };
}
