import { afterAll, beforeAll, expect, test } from "vitest";

import { TEST_KEY, type TestServer, sonnet, startTestServer } from "../support.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function send(path: string, items: readonly unknown[], prefer: string): Promise<Response> {
  return fetch(`${server.url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "xproxy-api-key": TEST_KEY, prefer },
    body: JSON.stringify(items),
  });
}

test.each(["/ingest/bulk", "/ingest/bulk-upsert"])(
  "%s tells no results where none are wanted",
  async (path) => {
    const response = await send(
      path,
      [sonnet(), { category: "" }, sonnet()],
      "respond-async, Return=minimal",
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("preference-applied")).toBe("return=minimal");
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).toMatchObject({ ingest_count: 2, total_count: 3, item_error_count: 1 });
    expect(body["errors"]).toMatchObject([{ item_index: 1 }]);
    expect(body).not.toHaveProperty("results");
  },
);

test("nothing recorded is 400, whatever is wanted", async () => {
  const response = await send("/ingest/bulk", [{ category: "" }], "return=minimal");
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ ingest_count: 0, errors: [{ item_index: 0 }] });
});

test.each([
  "return=representation",
  "return=representation, return=minimal",
  "return=minimalist",
  "x=return=minimal",
  'x="a, return=minimal"',
])("%s asks for all of it", async (prefer) => {
  const response = await send("/ingest/bulk", [sonnet()], prefer);
  expect(response.headers.get("preference-applied")).toBeNull();
  expect(await response.json()).toMatchObject({ results: [{ request_id: expect.any(String) as string }] });
});
