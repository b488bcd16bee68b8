/** Answers of which there are several copies, as a fetch that logs makes them. */
import { afterEach, expect, test, vi } from "vitest";

import { LET_GO_MS } from "../../src/instrument/lookout.ts";
import { type Loopback, meter, settledEvents, startLoopback, until } from "../support.ts";
import { CHAT_ANSWER, chatStream } from "../synthetic.ts";

afterEach(() => {
  vi.useRealTimers();
});

const ASK = { model: "gpt-5", messages: [{ role: "user", content: "hello" }] };
const TOOL = { index: 0, id: "t1", type: "function", function: { name: "get_weather", arguments: "{}" } };
const TOOL_EVENT = `data: ${JSON.stringify({
  id: "chatcmpl-n1",
  object: "chat.completion.chunk",
  model: "gpt-5",
  choices: [{ index: 0, delta: { tool_calls: [TOOL] }, finish_reason: null }],
})}\n\n`;

/** Answers in several parts. */
function startProvider(): Promise<Loopback> {
  let count = 0;
  return startLoopback(async (request, response) => {
    const id = `chatcmpl-c${(count += 1)}`;
    const isStream = request.body.includes('"stream":true');
    const json = JSON.stringify({ ...CHAT_ANSWER, id, padding: "x".repeat(100_000) });
    const parts = isStream
      ? [TOOL_EVENT, ...chatStream(5, true)].map((event) => event.replace(/chatcmpl-n1/g, id))
      : [json.slice(0, 40), json.slice(40, 70_000), json.slice(70_000)];
    response.setHeader("content-type", isStream ? "text/event-stream" : "application/json");
    for (const part of parts) {
      response.write(part);
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    response.end();
  });
}

async function readAll(body: ReadableStream<Uint8Array> | null): Promise<void> {
  for await (const _chunk of body ?? []);
}

/** What a fetch that logs does with its copy. */
const LOGS: readonly (readonly [string, (copy: Response) => unknown])[] = [
  ["read for its text", (copy) => copy.text()],
  ["read in parts", (copy) => readAll(copy.body)],
  ["piped elsewhere", (copy) => copy.body?.pipeTo(new WritableStream())],
  ["taken for JSON", (copy) => copy.json().catch(() => undefined)],
  [
    "peeked at and cancelled",
    async (copy) => {
      const reader = copy.body?.getReader();
      await reader?.read();
      void reader?.cancel();
    },
  ],
  [
    "peeked at and let go",
    async (copy) => {
      const reader = copy.body?.getReader();
      await reader?.read();
      reader?.releaseLock();
    },
  ],
];

test.for(LOGS)("a clone that was %s spoiled what the answer tells", async ([, log]) => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const ask = async (options: object): Promise<Response> => {
    const body = JSON.stringify({ ...ASK, ...options });
    const response = await fetch(`${provider.url}/v1/chat/completions`, { method: "POST", body });
    void log(response.clone());
    return response;
  };
  await readAll((await ask({ stream: true, stream_options: { include_usage: true } })).body);
  await readAll((await ask({})).body);
  await (await ask({})).json();
  const events = await settledEvents(metered);
  expect(events.map(({ units }) => units)).toEqual([
    { text: { input: 9, output: 5 } },
    { text: { input: 9, output: 12 } },
    { text: { input: 9, output: 12 } },
  ]);
  expect(events[0]?.functionCalls).toEqual([{ name: "get_weather" }]);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["ok", "ok", "ok"]);
});

test("an answer is given up with its last copy, and with one that nobody begins to read", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  const [both, one] = await Promise.all([0, 1].map(() => fetch(`${provider.url}/v1/chat/completions`, ask)));
  const copy = both?.clone();
  void both?.body?.cancel();
  expect(metered.stats().produced).toBe(0);
  void copy?.body?.cancel();
  expect(metered.stats().produced).toBe(1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  one?.clone();
  void one?.body?.cancel();
  expect(metered.stats().produced).toBe(1);
  vi.advanceTimersByTime(LET_GO_MS);
  expect(metered.stats().produced).toBe(2);
  vi.useRealTimers();
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["aborted", "aborted"]);
});

test("a slow copy that reads on is not given up for another one's end", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const ask = { method: "POST", body: JSON.stringify(ASK) };
  const answer = await fetch(`${provider.url}/v1/chat/completions`, ask);
  const copy = answer.clone();
  const reader = answer.body?.getReader();
  await reader?.read();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  void copy.body?.cancel();
  vi.advanceTimersByTime(10 * LET_GO_MS);
  vi.useRealTimers();
  while ((await reader?.read())?.done === false);
  await until(() => metered.stats().produced === 1, "the call to be settled");
  const [event] = await settledEvents(metered);
  expect(event?.units["text"]).toEqual({ input: 9, output: 12 });
});
