import { request } from "node:http";

import { expect, test } from "vitest";

import { parseFaults } from "../../src/simulator/faults.ts";
import { TRAIL_PROMPT, eventually, generating, simulate, startProviders } from "../support.ts";

const trails = {
  model: "claude-sonnet-4-20250514",
  max_tokens: 2000,
  messages: [{ role: "user" as const, content: TRAIL_PROMPT }],
};

test.each([
  [undefined, {}],
  ["", {}],
  ["500", { status: 500 }],
  ["retry-after:7", { status: 429, retryAfterSeconds: 7 }],
  ["slow:250, cut:3", { slowMs: 250, cutAfterEvents: 3 }],
  ["no-usage", { withoutUsage: true }],
])("x-simulate %j is understood", (header, expected) => {
  expect(parseFaults(header)).toEqual({ slowMs: 0, withoutUsage: false, ...expected });
});

test.each(["418", "slow", "slow:soon", "429:1", "cut:-1", "no-usage:1"])(
  "x-simulate %j is refused",
  (header) => {
    expect(() => parseFaults(header)).toThrow(header.split(":", 1)[0]);
  },
);

test("a fault that is not known is a 400 that lists the known ones", async () => {
  await using providers = await startProviders();
  await expect(providers.anthropic.messages.create(trails, simulate("fire"))).rejects.toThrow("cut:<events>");
});

test("a cut stream breaks after exactly so many events and is billed as far as it came", async () => {
  await using providers = await startProviders();
  const headers = { "x-api-key": "k", "anthropic-version": "2023-06-01", "x-simulate": "cut:6" };
  const received = await new Promise<string>((resolve, reject) => {
    let text = "";
    request(`${providers.simulator.url}/v1/messages`, { method: "POST", headers }, (response) => {
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("error", () => resolve(text));
      response.on("end", () => reject(new Error("The stream ended as if it were whole.")));
    }).end(JSON.stringify({ ...trails, stream: true }));
  });
  expect(received.match(/^event: /gm)).toHaveLength(6);
  const [entry] = providers.simulator.ledger().entries;
  expect(entry?.finished).toBe(false);
  expect(entry?.usage.output).toBeGreaterThan(0);
  expect(entry?.usage.output).toBeLessThan(20);
});

test("a cut stream is an error for the SDK, not a short answer", async () => {
  await using providers = await startProviders();
  const message = providers.anthropic.messages.stream(trails, simulate("cut:6")).finalMessage();
  await expect(message).rejects.toThrow(/terminated|Connection/i);
});

test("an answer without usage is billed with it", async () => {
  await using providers = await startProviders();
  const message = await providers.anthropic.messages.create(trails, simulate("no-usage"));
  expect(message.usage).toBeUndefined();
  const streamed = await providers.anthropic.messages.stream(trails, simulate("no-usage")).finalMessage();
  expect(streamed.usage.output_tokens).toBeUndefined();
  const completion = await providers.openai.chat.completions.create(
    { model: "gpt-4o", messages: trails.messages },
    simulate("no-usage"),
  );
  expect(completion.usage).toBeUndefined();
  const { entries } = providers.simulator.ledger();
  expect(entries.map((entry) => entry.usage.output > 0)).toEqual([true, true, true]);
});

test("a client that leaves stops the answer, and pays for what was generated", async () => {
  await using providers = await startProviders(4);
  const stream = await providers.anthropic.messages.create({ ...trails, stream: true });
  let deltas = 0;
  for await (const event of stream) {
    if (event.type === "content_block_delta") deltas += 1;
    if (deltas === 5) break;
  }
  const entry = await eventually(() => providers.simulator.ledger().entries[0]);
  expect(entry.finished).toBe(false);
  expect(entry.usage.output).toBeGreaterThanOrEqual(deltas);
  expect(entry.usage.output).toBeLessThan(150);
});

test("a client that leaves before a JSON answer is ready pays for the part that was generated", async () => {
  await using providers = await startProviders();
  const leaving = new AbortController();
  void generating("/v1/messages").then(() => leaving.abort());
  const waiting = providers.anthropic.messages.create(trails, {
    ...simulate("slow:60000"),
    signal: leaving.signal,
  });
  await expect(waiting).rejects.toThrow("aborted");
  const entry = await eventually(() => providers.simulator.ledger().entries[0]);
  expect(entry).toMatchObject({ finished: false, usage: { output: 0 } });
  expect(entry.usage.input).toBeGreaterThan(0);
});

test("retry-after is told in the header and obeyed by the SDK", async () => {
  await using providers = await startProviders();
  const error: unknown = await providers.openai.chat.completions
    .create({ model: "gpt-4o", messages: trails.messages }, simulate("retry-after:3"))
    .catch((caught) => caught);
  expect((error as { headers: Headers }).headers.get("retry-after")).toBe("3");
});
