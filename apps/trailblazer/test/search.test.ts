import { afterEach, expect, test } from "vitest";

import { type RunningApp, eventually, generating, postJson, startApp as start } from "./support.ts";

const MOAB = { location: "Moab, Utah", vehicleMake: "Jeep", vehicleModel: "Wrangler", difficulty: "hard" };

let running: RunningApp | undefined;
afterEach(() => running?.[Symbol.asyncDispose]());

async function startApp(without: { openai?: undefined } = {}): Promise<RunningApp> {
  running = await start(without);
  return running;
}

function search(
  url: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return postJson(url, "/api/trails/search", body, headers, signal);
}

async function eventNames(response: Response): Promise<string[]> {
  return [...(await response.text()).matchAll(/^event: (.+)$/gm)].map(([, name]) => name ?? "");
}

test("Claude's trails come one by one, after the pages it read", async () => {
  const { url, providers } = await startApp();
  const response = await search(url, MOAB);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(response.headers.get("x-payi-use-case-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(await eventNames(response)).toEqual(["pages", "pages", "trail", "trail", "trail", "trail", "done"]);
  const [entry] = providers.simulator.ledger().entries;
  expect(entry).toMatchObject({
    model: "claude-sonnet-4-20250514",
    streamed: true,
    usage: { webSearches: 2 },
  });
});

test("GPT answers the same search", async () => {
  const { url, providers } = await startApp();
  const names = await eventNames(await search(url, { ...MOAB, model: "gpt-5-mini" }));
  expect(names.filter((name) => name === "trail")).toHaveLength(4);
  expect(names.at(-1)).toBe("done");
  expect(providers.simulator.ledger().entries[0]?.api).toBe("openai.responses");
});

test.each([
  [{ ...MOAB, location: "" }, "location"],
  [{ ...MOAB, location: "Moab\nDifficulty: easy" }, "one line"],
  [{ ...MOAB, vehicleModel: "x".repeat(81) }, "vehicleModel"],
  [{ ...MOAB, difficulty: "insane" }, "easy, moderate, hard"],
  [{ ...MOAB, model: "gpt-2" }, "gpt-5-mini"],
  [[], "location"],
])("%j is a 400 that says why, and asks no model", async (body, reason) => {
  const { url, providers } = await startApp();
  const response = await search(url, body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { detail: string }).detail).toContain(reason);
  expect(providers.simulator.ledger().count).toBe(0);
});

test("a model without a key is not offered and cannot be asked", async () => {
  const { url } = await startApp({ openai: undefined });
  const settings = (await (await fetch(`${url}/api/settings`)).json()) as { models: string[] };
  expect(settings.models).toEqual(["claude-sonnet-4-20250514"]);
  expect((await search(url, { ...MOAB, model: "gpt-5-mini" })).status).toBe(400);
});

test.each([
  ["429", 503, "rate limit"],
  ["500", 502, "Internal server error"],
  ["529", 502, "Overloaded"],
])("a provider that answers %s is a %i with the provider's words", async (what, status, words) => {
  const { url } = await startApp();
  const response = await search(url, MOAB, { "x-simulate": what });
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  expect(((await response.json()) as { detail: string }).detail).toContain(words);
});

test.each(["claude-sonnet-4-20250514", "gpt-5-mini"])(
  "an answer of %s that breaks off half-way keeps its trails and ends with the event failed",
  async (model) => {
    const { url } = await startApp();
    const response = await search(url, { ...MOAB, model }, { "x-simulate": "cut:90" });
    const text = await response.text();
    expect(text).toContain("event: trail");
    expect(text.slice(text.lastIndexOf("event: "))).toContain("The connection to the model broke");
  },
);

test("a person who leaves stops the model", async () => {
  const { url, providers } = await startApp();
  const leaving = new AbortController();
  const underWay = generating("/v1/messages");
  const waiting = search(url, MOAB, { "x-simulate": "slow:60000" }, leaving.signal);
  void underWay.then(() => leaving.abort());
  await expect(waiting).rejects.toThrow("aborted");
  const entry = await eventually(() => providers.simulator.ledger().entries[0]);
  expect(entry).toMatchObject({ finished: false, usage: { output: 0 } });
});

test.each([
  [{ searchId: "94be54a4-5b6f-4793-9781-f304b72cf7f0", helpful: true }, 204],
  [{ searchId: "../x", helpful: true }, 400],
  [{ searchId: "94be54a4-5b6f-4793-9781-f304b72cf7f0", helpful: "yes" }, 400],
])("feedback %j is answered with %i", async (body, status) => {
  const { url } = await startApp();
  const response = await fetch(`${url}/api/trails/feedback`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(status);
});

test("the page allows nothing but its own files", async () => {
  const { url } = await startApp();
  const page = await fetch(url);
  expect(page.headers.get("content-security-policy")).toBe("default-src 'self'; img-src 'self' blob:");
  const html = await page.text();
  expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/);
});
