import { afterAll, beforeAll, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

interface Message {
  readonly event: string;
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- as it stands on the wire
  readonly data: any;
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Reads messages as a browser does; comments are left out. */
async function listen(lastEventId?: string): Promise<{ next(): Promise<Message>; close(): void }> {
  const stop = new AbortController();
  const response = await fetch(`${server.url}/api/v1/events/stream`, {
    headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
    signal: stop.signal,
  });
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const messages = read(response);
  return {
    async next() {
      const { value } = await messages.next();
      if (value === undefined) throw new Error("The stream has ended.");
      return value;
    },
    close: () => stop.abort(),
  };
}

async function* read(response: Response): AsyncGenerator<Message, undefined> {
  let rest = "";
  for await (const chunk of response.body ?? []) {
    rest += new TextDecoder().decode(chunk);
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.split(":", 1)[0] ?? "", line.replace(/^\w+: /, "")]),
      );
      const data = fields.get("data");
      if (data !== undefined) {
        yield {
          event: fields.get("event") ?? "",
          id: fields.get("id") ?? "",
          data: JSON.parse(data) as unknown,
        };
      }
    }
  }
  return undefined;
}

test("a request is told as it is recorded, and a score too", async () => {
  const stream = await listen();
  const { body } = await server.post(
    "/ingest",
    sonnet({ use_case_name: "live", use_case_id: "l", user_id: "jane" }),
  );
  const first = await stream.next();
  expect(first).toMatchObject({
    event: "request",
    data: {
      request_id: body.request_id,
      use_case_name: "live",
      user_id: "jane",
      cost: "0.0045",
      seeded: false,
    },
  });
  await server.post("/use_cases/definitions/live/kpis", {
    name: "ok",
    kpi_type: "boolean",
    goal: 1,
    description: "d",
  });
  await server.put("/use_cases/instances/live/l/kpis/ok", { score: true });
  expect(await stream.next()).toMatchObject({
    event: "score",
    data: { use_case_name: "live", use_case_id: "l", kpi_name: "ok", score: 1 },
  });
  stream.close();
});

test("scores that the SDK sends were seen only when the store was looked at again", async () => {
  let told = 0;
  const stop = server.store.onChange(() => (told += 1));
  const item = { use_case_name: "live", use_case_id: "batch", kpi_name: "good", kpi_type: "boolean" };
  await server.post("/scores", [{ ...item, score: true }]);
  stop();
  expect(told).toBeGreaterThan(0);
});

test("a client that comes back with the last id misses nothing and gets nothing twice", async () => {
  const stream = await listen();
  const ids: string[] = [];
  for (let index = 0; index < 3; index += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
    ids.push((await server.post("/ingest", sonnet({ step: String(index) }))).body.request_id);
  }
  const first = await stream.next();
  stream.close();
  const again = await listen(first.id);
  expect((await again.next()).data.request_id).toBe(ids[1]);
  const third = await again.next();
  expect(third.data.request_id).toBe(ids[2]);
  expect(Number(third.id)).toBeGreaterThan(Number(first.id));
  again.close();
});

test("a client that leaves in the middle of what was recorded together misses nothing of it", async () => {
  const stream = await listen();
  await server.post("/ingest", sonnet());
  const before = await stream.next();
  const { body } = await server.post("/ingest/bulk", [sonnet(), sonnet(), sonnet()]);
  const ids = body.results.map((result: { request_id: string }) => result.request_id);
  expect(await stream.next()).toMatchObject({ id: "", data: { request_id: ids[0] } });
  stream.close();
  const again = await listen(before.id);
  const [first, second, third] = [await again.next(), await again.next(), await again.next()];
  expect([first, second, third].map(({ data }) => data.request_id)).toEqual(ids);
  expect([first.id, second.id]).toEqual(["", ""]);
  expect(Number(third.id)).toBeGreaterThan(Number(before.id));
  again.close();
});

test("a repeat is not told again", async () => {
  await server.post("/ingest", sonnet({ provider_response_id: "told" }));
  const stream = await listen();
  await server.post("/ingest", sonnet({ provider_response_id: "told" }));
  const { body } = await server.post("/ingest", sonnet());
  expect((await stream.next()).data.request_id).toBe(body.request_id);
  stream.close();
});

test("a number from the future starts at the present", async () => {
  const stream = await listen("999999");
  const { body } = await server.post("/ingest", sonnet());
  expect((await stream.next()).data.request_id).toBe(body.request_id);
  stream.close();
});

test("a hundred and more at once arrive in order", async () => {
  const stream = await listen();
  const { body } = await server.post(
    "/ingest/bulk",
    Array.from({ length: 250 }, () => sonnet()),
  );
  for (const { request_id: id } of body.results) {
    // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
    expect((await stream.next()).data.request_id).toBe(id);
  }
  stream.close();
});

test("a stop ends the stream", async () => {
  const other = await startTestServer();
  const response = await fetch(`${other.url}/api/v1/events/stream`);
  await other.close();
  expect(await response.text()).toContain(": connected");
});
