import OpenAI from "openai";
import { expect, test } from "vitest";

import { openCallScope } from "../src/call-scope.ts";
import { trackContext } from "../src/context.ts";
import { LimitExceededError } from "../src/errors.ts";
import { startInstance } from "../src/instance.ts";
import { wrapClient } from "../src/instrument/adopt.ts";
import { type Permit } from "../src/limits/guard.ts";
import { getRuntime } from "../src/runtime.ts";
import { meter, settledEvents, startLoopback } from "./support.ts";
import { CHAT_ANSWER } from "./synthetic.ts";

const USER = [{ role: "user" as const, content: "hello" }];
const UNITS = { text: { input: 9, output: 12 } };

/** Answers the first `failures` requests with 500, every later one well and with an id of its own. */
async function startProvider(failures = 0): ReturnType<typeof startLoopback> {
  let requests = 0;
  return startLoopback((_request, response) => {
    requests += 1;
    response.setHeader("content-type", "application/json");
    if (requests <= failures) response.writeHead(500, { "retry-after-ms": "1" }).end("{}");
    else response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${requests}` }));
  });
}

/** Counts what the guard is asked and told. */
function watchGuard(refuse = false): { asked: number; settled: (bigint | undefined)[] } {
  const seen = { asked: 0, settled: [] as (bigint | undefined)[] };
  const runtime = getRuntime();
  if (runtime === undefined) throw new Error("not instrumented");
  const permit: Permit = {
    ...(refuse ? { refusal: { limitIds: ["daily"] } } : {}),
    settle: (cost) => void seen.settled.push(cost),
  };
  Object.assign(runtime, {
    guard: {
      authorize: () => {
        seen.asked += 1;
        return permit;
      },
    },
  });
  return seen;
}

test("a call that the transport saw is recorded once, under the scope's id and with one authorisation", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const guard = watchGuard();
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const scope = openCallScope({
    category: "system.openai",
    resource: "gpt-5",
    context: { requestProperties: { layer: "adapter" } },
  });
  await scope.authorize();
  const answer = await scope.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }));
  expect(scope.claimed).toBe(true);
  scope.settle({ outcome: "ok", units: UNITS, responseId: answer.id });
  const events = await settledEvents(metered);
  expect(events).toHaveLength(1);
  expect(events[0]?.properties).toMatchObject({ "system.call_id": scope.id, layer: "adapter" });
  expect(guard).toEqual({ asked: 1, settled: [131_250_000_000_000n] });
  expect(scope.result?.cost?.total).toBe(131_250_000_000_000n);
});

test("every further attempt is authorised again and carries the same id", async () => {
  await using provider = await startProvider(1);
  await using metered = await meter([provider], "system.openai");
  const guard = watchGuard();
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries: 2 });
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
  await scope.authorize();
  await scope.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }));
  scope.settle({ outcome: "ok", units: UNITS });
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.call_id"])).toEqual([scope.id, scope.id]);
  expect(guard.asked).toBe(2);
  expect(guard.settled).toHaveLength(2);
});

test("a call that no transport saw is reported by the layer, for the instance it ran in", async () => {
  await using metered = await meter([], "own");
  const guard = watchGuard();
  const instance = startInstance({ name: "mocked", kpis: false });
  await instance.run(async () => {
    const scope = openCallScope({ category: "system.openai", resource: "gpt-5", streaming: false });
    await scope.authorize();
    await scope.run(() => Promise.resolve());
    scope.settle({
      outcome: "ok",
      units: UNITS,
      responseId: "mock-1",
      functionCalls: [{ name: "find", arguments: "{}" }],
      properties: { run: "r1" },
    });
    scope.settle({ outcome: "error" });
  });
  const events = await settledEvents(metered);
  expect(events).toMatchObject([
    {
      category: "system.openai",
      resource: "gpt-5",
      units: UNITS,
      httpStatusCode: 200,
      providerResponseId: "mock-1",
      providerUri: undefined,
      useCaseName: "mocked",
      useCaseId: instance.id,
      functionCalls: [{ name: "find" }],
      properties: { "system.outcome": "ok", "system.usage_source": "provider", run: "r1" },
    },
  ]);
  expect(guard).toEqual({ asked: 1, settled: [131_250_000_000_000n] });
});

test("usage that nobody told is unknown and unpriced, not zero", async () => {
  await using metered = await meter([], "own");
  openCallScope({ category: "system.openai", resource: "gpt-5" }).settle({ outcome: "aborted" });
  openCallScope({ category: undefined, resource: "mystery" }).settle({ outcome: "ok", units: UNITS });
  const events = await settledEvents(metered);
  expect(events.map(({ category, properties }) => [category, properties?.["system.usage_source"]])).toEqual([
    ["system.openai", "unknown"],
    ["unknown", "provider"],
  ]);
});

test("a refusal is thrown before the call, and recorded once", async () => {
  await using metered = await meter([], "own");
  watchGuard(true);
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
  await expect((async () => scope.authorize())()).rejects.toThrow(LimitExceededError);
  scope.settle({ outcome: "error" });
  const events = await settledEvents(metered);
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["refused"]);
});

test("concurrent scopes never mix", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      trackContext({ userId: `user${index}` }, async () => {
        const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
        await scope.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }));
        scope.settle({ outcome: "ok" });
        return `user${index} ${scope.id}`;
      }),
    ),
  );
  const events = await settledEvents(metered);
  const seen = events.map(({ userId, properties }) => `${userId} ${properties?.["system.call_id"]}`);
  expect(seen.toSorted()).toEqual(ids.toSorted());
});

test("an answer that was recorded is not recorded again, whoever hears of it", async () => {
  await using metered = await meter([], "own");
  for (let times = 0; times < 3; times += 1) {
    const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
    scope.settle({ outcome: "ok", units: UNITS, responseId: "resp_1" });
    expect(scope.result?.cost?.total).toBe(131_250_000_000_000n);
  }
  openCallScope({ category: "system.azureopenai", resource: "gpt-5" }).settle({
    outcome: "ok",
    responseId: "resp_1",
  });
  expect((await settledEvents(metered)).map(({ category }) => category)).toEqual([
    "system.openai",
    "system.azureopenai",
  ]);
  expect(metered.stats().produced).toBe(2);
});

test("without instrumentation a scope is inert", async () => {
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
  await scope.authorize();
  expect(scope.run(() => 7)).toBe(7);
  scope.settle({ outcome: "ok", units: UNITS });
  expect(scope.result).toBeUndefined();
});

test("a fetch of the application's own that hands on to the global one counts once", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const own = wrapClient(
    new OpenAI({
      apiKey: "k",
      baseURL: `${provider.url}/v1`,
      fetch: (input, init) => globalThis.fetch(input as string, init as RequestInit),
    }),
  );
  await own.chat.completions.create({ model: "gpt-5", messages: USER });
  await own.chat.completions.create({ model: "gpt-5", messages: USER });
  expect(await settledEvents(metered)).toHaveLength(2);
});

test("of two layers around a call the inner one reports and is authorised, with the attribution of both", async () => {
  await using metered = await meter([], "own");
  const guard = watchGuard();
  const outer = openCallScope({
    category: "system.openai",
    resource: "gpt-5",
    context: { userId: "jane", requestProperties: { outer: "1" } },
  });
  await outer.authorize();
  outer.addProperties({ run: "r1" });
  await outer.run(async () => {
    const inner = openCallScope({
      category: "system.openai",
      resource: "gpt-5",
      context: { requestProperties: { inner: "2" } },
    });
    await inner.authorize();
    inner.settle({ outcome: "ok", units: UNITS, responseId: "nested-1" });
  });
  outer.settle({ outcome: "ok", units: UNITS, responseId: "nested-1" });
  const events = await settledEvents(metered);
  expect(events).toMatchObject([
    { userId: "jane", properties: { outer: "1", inner: "2", run: "r1", "system.call_id": outer.id } },
  ]);
  // What was held before the inner layer said for whom has been given back.
  expect(guard).toEqual({ asked: 2, settled: [0n, 131_250_000_000_000n] });
  expect(outer.result?.cost?.total).toBe(131_250_000_000_000n);
});

test("a call in a flow that outlives the scope around it is a call of its own", async () => {
  await using metered = await meter([], "own");
  const outer = openCallScope({ category: "system.openai", resource: "gpt-5" });
  await outer.run(async () => {
    outer.settle({ outcome: "ok", units: UNITS, responseId: "early" });
    const later = openCallScope({ category: "system.openai", resource: "gpt-5" });
    later.settle({ outcome: "ok", units: UNITS, responseId: "late" });
    expect(later.id).not.toBe(outer.id);
  });
  expect(await settledEvents(metered)).toHaveLength(2);
});

test("a stream that only a layer sees is abandoned with what is known of it, for its instance and with its times", async () => {
  await using metered = await meter([], "own");
  const instance = startInstance({ name: "streamed", kpis: false });
  const before = Date.now();
  const scope = instance.run(() =>
    openCallScope({ category: "system.google.vertex", resource: "gemini-2.5-pro", streaming: true }),
  );
  scope.startReading(() => ({ units: UNITS, source: "partial", responseId: "half" }));
  scope.noteRead();
  instance.end("aborted");
  const openCalls = getRuntime()?.openCalls;
  expect(openCalls?.size).toBe(1);
  openCalls?.sweep(performance.now() + 6_000);
  expect(openCalls?.size).toBe(0);
  scope.settle({ outcome: "ok" });
  const [event, ...more] = await settledEvents(metered);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    resource: "google.gemini-2.5-pro",
    useCaseId: instance.id,
    properties: { "system.outcome": "abandoned", "system.usage_source": "partial" },
    timeToFirstTokenMs: expect.any(Number) as number,
  });
  expect(event?.eventTimeMs).toBeGreaterThanOrEqual(before);
});

test("attribution that comes after the report follows the event to the platform, and waits for nobody", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const scope = openCallScope({ category: "system.openai", resource: "gpt-5" });
  await scope.run(() => client.chat.completions.create({ model: "gpt-5", messages: USER }));
  scope.settle({ outcome: "ok" });
  scope.addProperties({ run: "née/1", stale: null });
  await settledEvents(metered);
  const [event, late, ...more] = metered.platform.received.filter(({ method }) => method !== "GET");
  expect(more).toEqual([]);
  expect(event?.url).toBe("/api/v1/ingest/bulk");
  expect(late).toMatchObject({
    method: "PUT",
    url: "/api/v1/requests/provider/system.openai/chatcmpl-n1/properties",
  });
  expect(JSON.parse(late?.body ?? "")).toEqual({ properties: { run: "née/1", stale: null } });
  expect(metered.stats()).toMatchObject({ produced: 2, delivered: 2 });
});

test("a layer that hears of a recorded call adds what it knows of it", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` });
  const { id } = await client.chat.completions.create({ model: "gpt-5", messages: USER });
  openCallScope({ category: "system.openai", resource: "gpt-5" }).settle({
    outcome: "ok",
    units: UNITS,
    responseId: id,
    properties: { run: "nightly" },
  });
  expect(await settledEvents(metered)).toHaveLength(1);
  const bodies = metered.platform.received.filter(({ method }) => method === "PUT").map(({ body }) => body);
  expect(bodies).toEqual(['{"properties":{"run":"nightly"}}']);
});
