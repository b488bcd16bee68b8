import { afterAll, beforeAll, expect, test } from "vitest";

import { readUsd } from "../src/admin/limits.ts";
import { type RunningApp, postJson, startApp } from "./support.ts";

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.[Symbol.asyncDispose]());

function ask(method: string, path: string, person: string, body: object = {}): Promise<Response> {
  return fetch(`${app.url}/api/admin${path}`, {
    method,
    headers: { "content-type": "application/json", "x-user-id": person },
    ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
  });
}

test.each([
  ["GET", ""],
  ["POST", "/setup"],
  ["PUT", "/daily-limit"],
  ["DELETE", "/daily-limit"],
  ["PUT", "/judge"],
])("%s %s is for administrators alone", async (method, path) => {
  for (const person of ["omar", "nobody"]) expect((await ask(method, path, person)).status).toBe(403);
});

test("a platform that is away is a 502 that names its address", async () => {
  const response = await postJson(app.url, "/api/admin/setup", {});
  expect(response.status).toBe(502);
  expect(await response.text()).toContain("http://127.0.0.1:1");
});

test("a judge that nobody knows is refused with those that are known", async () => {
  const response = await ask("PUT", "/judge", "jane", { model: "gpt-2" });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("claude-haiku-4-5, gpt-5-mini, off");
});

test.each(["1", "0.01", "999.99", "1000"])("people may be limited to $%s a day", (usd) => {
  expect(readUsd(usd)).toBe(usd);
});

test.each(["0", "0.00", "0.001", "1000.01", "-1", "1e2", "", 1, undefined])("but not to %j", (usd) => {
  expect(() => readUsd(usd)).toThrow("usd must be");
});
