/** Requests whose body the application gives as bytes: fetch takes them as it takes a text. */
import { expect, test } from "vitest";

import { meter, settledEvents, startLoopback } from "../support.ts";
import { chatStream } from "../synthetic.ts";

const ask = (url: string, model: string): Promise<string> => {
  const body = new TextEncoder().encode(JSON.stringify({ model, messages: [], stream: true }));
  return fetch(`${url}/v1/chat/completions`, { method: "POST", body }).then((answer) => answer.text());
};

test("who sent the body of a chat stream as bytes saw the chunk that only our question had brought", async () => {
  await using provider = await startLoopback(({ body }, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(chatStream(3, body.includes("include_usage")).join(""));
  });
  const bare = await ask(provider.url, "gpt-5");
  await using metered = await meter([provider], "system.openai");
  expect(await ask(provider.url, "gpt-5")).toBe(bare);
  expect(provider.received.map(({ body }) => body.includes("include_usage"))).toEqual([false, true]);
  expect(await settledEvents(metered)).toMatchObject([{ units: { text: { input: 9, output: 3 } } }]);
});

test("a provider that objects to the question gets the application's own bytes once more", async () => {
  await using provider = await startLoopback(({ body }, response) => {
    const objects = body.includes("stream_options");
    response.writeHead(objects ? 400 : 200, { "content-type": objects ? "text/plain" : "text/event-stream" });
    response.end(objects ? "Unrecognized argument: stream_options" : chatStream(3).join(""));
  });
  await using metered = await meter([provider], "system.openai");
  expect(await ask(provider.url, "gpt-bytes")).toBe(chatStream(3).join(""));
  expect(provider.received.map(({ body }) => body.includes("stream_options"))).toEqual([true, false]);
  expect(await settledEvents(metered)).toHaveLength(1);
});
