import OpenAI from "openai";
import { expect, test } from "vitest";

import { trackContext } from "../src/context.ts";
import { startInstance } from "../src/instance.ts";
import { type HeardCall, hearCall } from "../src/layers.ts";
import { getRuntime } from "../src/runtime.ts";
import { type Loopback, meter, settledEvents, startLoopback } from "./support.ts";
import { CHAT_ANSWER } from "./synthetic.ts";

const UNITS = { text: { input: 9, output: 12 } };

/** Answers the first `failures` requests with 500 and the others well, each with an id of its own. */
function startProvider(failures = 0): Promise<Loopback> {
  let requests = 0;
  return startLoopback((_request, response) => {
    requests += 1;
    response.setHeader("content-type", "application/json");
    if (requests <= failures) response.writeHead(500, { "retry-after-ms": "1" }).end("{}");
    else response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${requests}` }));
  });
}

function ask(provider: Loopback, maxRetries = 0): Promise<{ id: string }> {
  const client = new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, maxRetries });
  return client.chat.completions.create({ model: "gpt-5", messages: [{ role: "user", content: "hello" }] });
}

function hear(step: string, useCase?: string): HeardCall {
  const options = { category: "system.openai", resource: "gpt-5", context: { useCaseStep: step } };
  return hearCall(options, useCase === undefined ? undefined : startInstance({ name: useCase, kpis: false }));
}

test("the transport's record has the attribution of the layer that hears of the call", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const call = hear("search", "trail_finder");
  const { id } = await ask(provider);
  expect(metered.stats().produced).toBe(0);
  call.settle({ outcome: "ok", units: UNITS, responseId: id, properties: { run: "r1" } });
  expect(await settledEvents(metered)).toMatchObject([
    {
      useCaseName: "trail_finder",
      useCaseStep: "search",
      units: UNITS,
      properties: { run: "r1", "system.call_id": call.id, "system.outcome": "ok" },
    },
  ]);
});

test("concurrent calls of one flow are told apart by the ids of their answers", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  const steps = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const call = hear(`step${index}`, `case${index}`);
      const { id } = await ask(provider);
      call.settle({ outcome: "ok", units: UNITS, responseId: id });
      return `${id} case${index} step${index}`;
    }),
  );
  const events = await settledEvents(metered);
  const seen = events.map((event) => `${event.providerResponseId} ${event.useCaseName} ${event.useCaseStep}`);
  expect(seen.toSorted()).toEqual(steps.toSorted());
});

test("a direct call beside one that is heard of keeps its own attribution", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  await trackContext({ userId: "jane" }, async () => {
    const call = hear("search");
    const direct = await ask(provider);
    const heard = await ask(provider);
    call.settle({ outcome: "ok", units: UNITS, responseId: heard.id });
    const events = await settledEvents(metered);
    expect(events.map((event) => [event.providerResponseId, event.useCaseStep, event.userId])).toEqual(
      expect.arrayContaining([
        [direct.id, undefined, "jane"],
        [heard.id, "search", "jane"],
      ]),
    );
    expect(events).toHaveLength(2);
  });
});

test("the attempts that failed before belong to the call as well, and it is reported once", async () => {
  await using provider = await startProvider(1);
  await using metered = await meter([provider], "system.openai");
  const call = hear("search");
  const { id } = await ask(provider, 2);
  call.settle({ outcome: "ok", units: UNITS, responseId: id });
  const events = await settledEvents(metered);
  expect(events.map((event) => [event.httpStatusCode, event.useCaseStep])).toEqual([
    [500, "search"],
    [200, "search"],
  ]);
});

test("a failure that the transport saw is not reported again", async () => {
  await using provider = await startProvider(1);
  await using metered = await meter([provider], "system.openai");
  const call = hear("search");
  await ask(provider).catch((error: unknown) => call.settle({ outcome: "error", error, status: 500 }));
  expect(await settledEvents(metered)).toHaveLength(1);
});

test("answers without ids are told apart by their usage, and left alone where that is the same", async () => {
  await using metered = await meter([], "own");
  const { heard } = getRuntime() ?? {};
  const see = (responseId: string, input: number): void =>
    heard?.pass({
      flow: undefined,
      model: "gpt-5",
      responseId,
      ok: true,
      events: [
        { category: "system.openai", units: { text: { input, output: 1 } }, providerResponseId: responseId },
      ],
      slot: { result: undefined } as never,
      send: (events) => {
        for (const event of events) getRuntime()?.send(event);
      },
    });
  const [first, second, third, fourth] = ["one", "two", "three", "four"].map((step) => hear(step));
  for (const _ of [first, second, third, fourth]) heard?.find(undefined, "gpt-5")?.claim();
  see("a", 10);
  see("b", 20);
  see("c", 30);
  see("d", 30);
  const end = (call: HeardCall | undefined, input: number): void =>
    call?.settle({ outcome: "ok", units: { text: { input, output: 1 } } });
  end(second, 20);
  end(first, 10);
  end(third, 30);
  end(fourth, 30);
  heard?.release(true);
  const events = await settledEvents(metered);
  expect(events.map((event) => `${event.providerResponseId} ${event.useCaseStep}`).toSorted()).toEqual([
    "a one",
    "b two",
    "c undefined",
    "d undefined",
  ]);
});

test("a call that no transport saw is reported by the layer", async () => {
  await using metered = await meter([], "own");
  const call = hear("search", "trail_finder");
  call.settle({ outcome: "ok", units: UNITS, responseId: "mock-1" });
  expect(await settledEvents(metered)).toMatchObject([
    { useCaseName: "trail_finder", useCaseStep: "search", units: UNITS, providerResponseId: "mock-1" },
  ]);
});

test("an event whose layer never tells the end is sent at the latest when the process closes", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai");
  hear("search");
  const { id } = await ask(provider);
  await metered.close({ timeoutMs: 30_000 });
  expect(metered.platform.events.map(({ providerResponseId }) => providerResponseId)).toEqual([id]);
});

test("a run whose every attempt failed belongs to its instance: its KPIs were never recorded", async () => {
  await using provider = await startProvider(1);
  await using metered = await meter([provider], "system.openai");
  const instance = startInstance({ name: "trail_finder" });
  const call = hearCall({ category: "system.openai", resource: "gpt-5" }, instance);
  await ask(provider).catch((error: unknown) => call.settle({ outcome: "error", error, status: 500 }));
  instance.end("error");
  expect(await settledEvents(metered)).toMatchObject([{ useCaseName: "trail_finder" }]);
  expect(metered.platform.scores).toMatchObject([{ score: false }, {}]);
});

test("calls repeated one after another in one flow each keep their attribution: the second and third had lost theirs", async () => {
  await using provider = await startProvider(3);
  await using metered = await meter([provider], "system.openai");
  for (const step of ["one", "two", "three"]) {
    const call = hear(step);
    // oxlint-disable-next-line no-await-in-loop
    await ask(provider).catch((error: unknown) => call.settle({ outcome: "error", error, status: 500 }));
  }
  const events = await settledEvents(metered);
  expect(events.map(({ useCaseStep }) => useCaseStep)).toEqual(["one", "two", "three"]);
});

test("what an event says of itself is kept whole, however much the application says", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.openai", { config: { captureStackTrace: true } });
  const many = Object.fromEntries(Array.from({ length: 47 }, (_, index) => [`p${index}`, "v"]));
  await trackContext({ requestProperties: many }, async () => {
    const call = hear("search");
    const { id } = await ask(provider);
    call.settle({ outcome: "ok", units: UNITS, responseId: id, properties: { run: "r1" } });
  });
  const [event] = await settledEvents(metered);
  expect(event?.properties).toMatchObject({ p46: "v", run: "r1", "system.outcome": "ok" });
  expect(JSON.parse(event?.properties?.["system.stack_trace"] ?? "")).toBeInstanceOf(Array);
});
