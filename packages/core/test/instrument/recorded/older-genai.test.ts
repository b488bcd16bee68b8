import { GoogleGenAI as Genai3 } from "@google/genai";
import { GoogleGenAI as Genai1 } from "genai-1";
import { GoogleGenAI as Genai2 } from "genai-2";
import { expect, test } from "vitest";

import { settledEvents, startLoopback } from "../../support.ts";
import { areAbsent, countsOf, drain, meterEverything, recordingsOf, redirectTo, replay } from "./replay.ts";

const recordings = recordingsOf(({ id }) => id === "39" || id === "42");

/** What every major of the SDK has in common. */
interface Genai {
  readonly models: {
    generateContent(request: object): Promise<{ readonly text?: string | undefined }>;
    generateContentStream(request: object): Promise<unknown>;
  };
  readonly chats: {
    create(options: object): {
      sendMessage(message: object): Promise<{ readonly text?: string | undefined }>;
    };
  };
}

const majors = [Genai1, Genai2, Genai3].map((Client, index) => ({
  major: index + 1,
  create: (): Genai => new Client({ apiKey: "test" }),
}));

test.skipIf(areAbsent).for(majors)(
  "@google/genai $major is metered, streamed and whole",
  async ({ create }) => {
    for (const recording of recordings) {
      const request = { model: "gemini-2.5-pro", contents: "hello" };
      // oxlint-disable-next-line no-await-in-loop -- one instrumentation at a time
      const events = await replay(recording, async () => {
        const { models } = create();
        if (recording.streaming) await drain(await models.generateContentStream(request));
        else await models.generateContent(request);
      });
      expect(events).toHaveLength(1);
      expect(countsOf(events[0]).total("output")).toBe(recording.expected_usage?.["output_total"]);
    }
  },
);

const WEATHER = {
  name: "weather",
  description: "The weather",
  parameters: { type: "OBJECT", properties: {} },
};
const CALL = { functionCall: { name: "weather", args: { place: "Moab" } } };

/** Asks for the function first, then answers; each time with usage of its own. */
function answerInTwo(): Parameters<typeof startLoopback>[0] {
  let turn = 0;
  return (_request, response) => {
    turn += 1;
    const part = turn === 1 ? CALL : { text: "Sunny." };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        responseId: `answer-${turn}`,
        candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP" }],
        usageMetadata: {
          promptTokenCount: 10 * turn,
          candidatesTokenCount: 5,
          totalTokenCount: 10 * turn + 5,
        },
      }),
    );
  };
}

test.for(majors)(
  "functions that @google/genai $major calls by itself are as many calls as were billed",
  async ({ create }) => {
    await using provider = await startLoopback(answerInTwo());
    using _redirected = redirectTo(provider);
    await using metered = await meterEverything();
    const tool = {
      tool: () => Promise.resolve({ functionDeclarations: [WEATHER] }),
      callTool: () =>
        Promise.resolve([{ functionResponse: { name: "weather", response: { output: "sunny" } } }]),
    };
    const chat = create().chats.create({ model: "gemini-2.5-flash", config: { tools: [tool] } });
    const answer = await chat.sendMessage({ message: "How is the weather in Moab?" });
    expect(answer.text).toBe("Sunny.");
    const events = await settledEvents(metered);
    expect(events.map(({ units }) => units["text"])).toEqual([
      { input: 10, output: 5 },
      { input: 20, output: 5 },
    ]);
    expect(events[0]?.functionCalls?.map(({ name }) => name)).toEqual(["weather"]);
  },
);
