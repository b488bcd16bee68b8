/** A provider that speaks chat completions, a platform, and a model between them. */
import { type IngestEvent } from "@payi/core/wire";

import { type Metered, type Received, meter, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER, chatStream } from "../../core/test/synthetic.ts";
import { type Model, type Version } from "./support.ts";

export type Answer = Parameters<typeof startLoopback>[0];

/** Whole answers and streams, each with an id of its own; a tool call first where tools were given. */
export function chat(): Answer {
  let answers = 0;
  return (request, response) => {
    answers += 1;
    const asked = JSON.parse(request.body) as {
      stream?: boolean;
      tools?: object[];
      messages: { role: string }[];
    };
    const name = (text: string): string => text.replaceAll(/chatcmpl-n\d/g, `chatcmpl-n${answers}`);
    const calls = asked.tools !== undefined && asked.messages.at(-1)?.role !== "tool";
    const call = {
      index: 0,
      id: `t${answers}`,
      type: "function",
      function: { name: "look", arguments: "{}" },
    };
    if (asked.stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const delta = { index: 0, delta: { tool_calls: [call] }, finish_reason: null };
      const chunk = {
        id: "chatcmpl-n2",
        object: "chat.completion.chunk",
        created: 1,
        model: "gpt-5",
        choices: [delta],
      };
      const [first = "", ...rest] = chatStream(3, true);
      response.end(
        [first, ...(calls ? [`data: ${JSON.stringify(chunk)}\n\n`] : []), ...rest].map(name).join(""),
      );
      return;
    }
    response.setHeader("content-type", "application/json");
    const message = {
      role: "assistant",
      content: calls ? null : "Go.",
      ...(calls ? { tool_calls: [call] } : {}),
    };
    const choices = [{ index: 0, finish_reason: calls ? "tool_calls" : "stop", message }];
    response.end(name(JSON.stringify({ ...CHAT_ANSWER, choices })));
  };
}

export interface Stage extends AsyncDisposable {
  readonly metered: Metered;
  readonly received: readonly Received[];
  model(version: Version, fetch?: typeof globalThis.fetch): Model;
  events(): Promise<readonly IngestEvent[]>;
}

export async function setStage(answer: Answer = chat()): Promise<Stage> {
  const provider = await startLoopback(answer);
  const metered = await meter([], "own", { config: { hostMappings: { [provider.host]: {} } } });
  return {
    metered,
    received: provider.received,
    model({ models }, fetch = globalThis.fetch) {
      const make = models({ apiKey: "k", baseURL: provider.url, fetch })["openai.chat"];
      if (make === undefined) throw new Error("No chat model.");
      return make("gpt-5");
    },
    async events() {
      await metered.flush({ timeoutMs: 30_000 });
      return metered.platform.events;
    },
    async [Symbol.asyncDispose]() {
      await metered[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}
