/** Work in the background: what it used is told when its outcome is read, or when it is cancelled. */
import { GoogleGenAI } from "@google/genai";
import { GoogleGenAI as Genai2 } from "genai-2";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { trackContext } from "../../src/context.ts";
import { xproxyResult } from "../../src/xproxy-result.ts";
import { inTurn, settledEvents, startLoopback } from "../support.ts";
import { meterEverything, redirectTo } from "./recorded/replay.ts";

const RESPONSE = { id: "resp_1", object: "response", model: "gpt-5-pro-2025-10-06", output: [] };
const USAGE = { input_tokens: 10, output_tokens: 20, total_tokens: 30 };

/** What the majors of the SDK that have interactions have in common. */
interface Genai {
  readonly interactions: {
    create(request: object): Promise<unknown>;
    cancel(id: string): Promise<unknown>;
    get(id: string): Promise<unknown>;
  };
}

test("a background response is reported once, when it is retrieved, for whom it was created", async () => {
  const done = { ...RESPONSE, background: true, status: "completed", usage: USAGE };
  await using provider = await startLoopback(
    inTurn([
      { ...RESPONSE, background: true, status: "queued", usage: null },
      { ...RESPONSE, background: true, status: "in_progress", usage: null },
      done,
      done,
    ]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test", maxRetries: 0 });
  await trackContext({ userId: "jane" }, () =>
    client.responses.create({ model: "gpt-5-pro", input: "hello", background: true }),
  );
  for (let poll = 0; poll < 3; poll += 1) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    await trackContext({ userId: "poller" }, () => client.responses.retrieve("resp_1"));
  }
  const events = await settledEvents(metered);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    userId: "jane",
    units: { text: { input: 10, output: 20 } },
    providerResponseId: "resp_1",
  });
});

test.for([
  { status: "failed", outcome: "error", failure: "server_error" },
  { status: "cancelled", outcome: "aborted", failure: undefined },
])("a background response that $status is reported once, however often it is asked for", async (end) => {
  const made = { ...RESPONSE, id: `resp_${end.status}`, background: true, usage: null };
  const error = end.failure === undefined ? null : { code: end.failure, message: "x" };
  const over = { ...made, status: end.status, error };
  await using provider = await startLoopback(
    inTurn([{ ...made, status: "queued" }, { ...made, status: "in_progress" }, over]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test", maxRetries: 0 });
  await trackContext({ userId: "jane" }, () =>
    client.responses.create({ model: "gpt-5-pro", input: "hello", background: true }),
  );
  await client.responses.retrieve(made.id);
  // Cancelling answers with the response as well.
  if (end.status === "cancelled") await client.responses.cancel(made.id);
  for (let poll = 0; poll < 3; poll += 1) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    await client.responses.retrieve(made.id);
  }
  const events = await settledEvents(metered);
  expect(metered.stats().produced).toBe(1);
  expect(events[0]).toMatchObject({
    userId: "jane",
    units: {},
    providerResponseId: made.id,
    properties: { "system.outcome": end.outcome, "system.usage_source": "unknown" },
  });
  expect(events[0]?.properties?.["system.failure"]).toBe(end.failure);
});

test.for(["cancelled before it was read", "read before it was cancelled"])(
  "what a background response had used was lost when it was cancelled: %s",
  async (order) => {
    const id = `resp_${order.length}`;
    const made = { ...RESPONSE, id, background: true, status: "queued", usage: null };
    await using provider = await startLoopback(
      inTurn([made, { ...made, status: "cancelled", usage: USAGE }]),
    );
    using _redirected = redirectTo(provider);
    await using metered = await meterEverything();
    const { responses } = new OpenAI({ apiKey: "test", maxRetries: 0 });
    await trackContext({ userId: "jane" }, () =>
      responses.create({ model: "gpt-5-pro", input: "hello", background: true }),
    );
    if (order.startsWith("read")) await responses.retrieve(id);
    const cancelled = await responses.cancel(id);
    await responses.retrieve(id);
    const events = await settledEvents(metered);
    expect(metered.stats().produced).toBe(1);
    expect(events[0]).toMatchObject({
      userId: "jane",
      providerResponseId: id,
      units: { text: { input: 10, output: 20 } },
    });
    expect(xproxyResult(cancelled)).toBeDefined();
  },
);

test.for([Genai2, GoogleGenAI].map((Client, index) => ({ major: index + 2, Client })))(
  "what an interaction had used was lost when it was cancelled with @google/genai $major",
  async ({ major, Client }) => {
    const made = { id: `int_${major}`, object: "interaction", model: "gemini-2.5-flash", background: true };
    const usage = { total_input_tokens: 7, total_output_tokens: 19, total_tokens: 26 };
    await using provider = await startLoopback(
      inTurn([
        { ...made, status: "in_progress" },
        { ...made, status: "cancelled", usage },
      ]),
    );
    using _redirected = redirectTo(provider);
    await using metered = await meterEverything();
    const { interactions } = new Client({ apiKey: "test" }) as unknown as Genai;
    await interactions.create({ model: "gemini-2.5-flash", input: "hello", background: true });
    await interactions.cancel(made.id);
    await interactions.get(made.id);
    const events = await settledEvents(metered);
    expect(metered.stats().produced).toBe(1);
    expect(events[0]?.units).toEqual({ text: { input: 7, output: 19 } });
  },
);

test("an interaction in the background that fails is reported once", async () => {
  const made = { id: "int_failed", object: "interaction", model: "gemini-2.5-flash", background: true };
  await using provider = await startLoopback(
    inTurn([
      { ...made, status: "in_progress" },
      { ...made, status: "failed" },
    ]),
  );
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new GoogleGenAI({ apiKey: "test" });
  await client.interactions.create({ model: "gemini-2.5-flash", input: "hello", background: true });
  await client.interactions.get(made.id);
  await client.interactions.get(made.id);
  const events = await settledEvents(metered);
  expect(metered.stats().produced).toBe(1);
  expect(events[0]?.properties).toMatchObject({
    "system.outcome": "error",
    "system.failure": "interaction_failed",
  });
});

test("retrieving a response that did not run in the background costs nothing", async () => {
  const done = { ...RESPONSE, background: false, status: "completed", usage: USAGE };
  await using provider = await startLoopback(inTurn([done]));
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  await new OpenAI({ apiKey: "test" }).responses.retrieve("resp_elsewhere");
  expect(await settledEvents(metered)).toEqual([]);
});

test("a retrieval that fails is nobody's bill", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"gone"}}');
  });
  using _redirected = redirectTo(provider);
  await using metered = await meterEverything();
  const client = new OpenAI({ apiKey: "test", maxRetries: 0 });
  await expect(client.responses.retrieve("resp_1")).rejects.toThrow("gone");
  expect(await settledEvents(metered)).toEqual([]);
});
