import { expect, test } from "vitest";

import { type LedgerReport } from "../../src/simulator/ledger.ts";
import { startProviders } from "../support.ts";

const OPENAI = { authorization: "Bearer k" };
const ANTHROPIC = { "x-api-key": "k", "anthropic-version": "2023-06-01" };

test.each([
  ["POST", "/v1/chat/completions", {}, "{}", 401, "API key"],
  ["POST", "/v1/messages", {}, "{}", 401, "x-api-key"],
  ["POST", "/v1/messages", { "x-api-key": "k" }, "{}", 400, "anthropic-version"],
  ["POST", "/v1/chat/completions", OPENAI, "{", 400, "JSON"],
  ["POST", "/v1/messages", ANTHROPIC, "[]", 400, "JSON"],
  ["POST", "/v1/chat/completions", OPENAI, "{}", 400, "model"],
  ["POST", "/v1/responses", OPENAI, '{"model":"gpt-5"}', 400, "'input'"],
  ["POST", "/v1/embeddings", OPENAI, '{"model":"text-embedding-3-small","input":""}', 400, "'input'"],
  ["POST", "/v1/nothing", OPENAI, "{}", 404, "/v1/nothing"],
  ["GET", "/v1/messages", ANTHROPIC, undefined, 405, "Not Allowed"],
])(
  "%s %s with %j and body %j is refused in the provider's shape",
  async (method, path, headers, body, status, text) => {
    await using providers = await startProviders();
    const answer = await fetch(providers.simulator.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status).toBe(status);
    const error = (await answer.json()) as { error: { message: string; type: string } };
    expect(error.error.message).toContain(text);
    expect(error.error.type).toBeTruthy();
    expect(answer.headers.get("x-request-id") ?? answer.headers.get("request-id")).toMatch(/^req_/);
  },
);

test("the ledger is readable over HTTP and sums exactly", async () => {
  await using providers = await startProviders();
  const input = "trail";
  await providers.openai.embeddings.create({ model: "text-embedding-3-small", input });
  await providers.openai.embeddings.create({ model: "text-embedding-3-large", input });
  const report = (await (await fetch(`${providers.simulator.url}/ledger`)).json()) as LedgerReport;
  expect(report.entries.map((entry) => entry.cost)).toEqual(["0.00000002", "0.00000013"]);
  expect(report).toMatchObject({ total: "0.00000015", count: 2 });
});
