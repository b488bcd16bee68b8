/** What becomes of answers that the application lets go of. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { expect, test } from "vitest";

import { getRuntime } from "../../src/runtime.ts";
import { type Loopback, meter, settledEvents, startLoopback, until } from "../support.ts";
import { chatStream } from "../synthetic.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A provider that answers with `events`, and ends only where it is told to. */
function startProvider(events: readonly string[], ends: boolean): Promise<Loopback> {
  return startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(events.join(""));
    if (ends) response.end();
  });
}

async function ask(provider: Loopback, options: object = {}): Promise<Response> {
  const body = JSON.stringify({ model: "gpt-5", messages: [], stream: true, ...options });
  return fetch(`${provider.url}/v1/chat/completions`, { method: "POST", body });
}

/** Reads an answer to its end and keeps nothing of it. */
async function readAndForget(provider: Loopback, options: object): Promise<WeakRef<Response>> {
  const answer = await ask(provider, options);
  expect(await answer.text()).toContain("[DONE]");
  return new WeakRef(answer);
}

test.for([
  ["with the usage that the application asked for", { stream_options: { include_usage: true } }],
  ["with the usage that we asked for", {}],
] as const)("nothing of ours holds a streamed answer that was read: %s", async ([, options]) => {
  await using provider = await startProvider(chatStream(3, true), true);
  await using metered = await meter([provider], "system.openai");
  const answer = await readAndForget(provider, options);
  await until(() => {
    collect();
    return answer.deref() === undefined;
  }, "the answer to be collected");
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("a streamed answer that is dropped unread is counted once, as abandoned", async () => {
  await using provider = await startProvider(chatStream(3, true), false);
  await using metered = await meter([provider], "system.openai");
  await ask(provider, { stream_options: { include_usage: true } });
  getRuntime()?.openCalls.sweep();
  await until(() => {
    collect();
    return getRuntime()?.openCalls.size === 0;
  }, "the call to be given up");
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["abandoned"]);
});

test("a reader may outlive its answer: the call is counted with all that is read", async () => {
  let finish = (): void => undefined;
  const events = chatStream(3, true);
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(events[0]);
    finish = () => response.end(events.slice(1).join(""));
  });
  await using metered = await meter([provider], "system.openai");
  const open = async (): Promise<readonly [ReadableStreamDefaultReader<Uint8Array>, WeakRef<Response>]> => {
    const answer = await ask(provider, { stream_options: { include_usage: true } });
    const reader = answer.body?.getReader();
    if (reader === undefined) throw new Error("no body");
    return [reader, new WeakRef(answer)];
  };
  const [reader, answer] = await open();
  await reader.read();
  getRuntime()?.openCalls.sweep();
  await until(() => {
    collect();
    return answer.deref() === undefined;
  }, "the answer to be collected");
  finish();
  while (!(await reader.read()).done);
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event?.properties).toMatchObject({ "system.outcome": "ok", "system.usage_source": "provider" });
});
