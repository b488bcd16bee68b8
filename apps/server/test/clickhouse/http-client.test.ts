import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { connectClickHouse } from "../../src/clickhouse/index.ts";
import { Outgoing } from "../../src/domain/outgoing/outgoing.ts";
import { type Receiver, startReceiver } from "../receiver.ts";

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver[Symbol.asyncDispose]());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = () => ({ status: 200, body: "" });
});

const connected = () =>
  connectClickHouse(new URL(`http://us%40er:p%3Aw@127.0.0.1:${receiver.port}/analytics`));

function lastAsked(): URLSearchParams {
  return new URL(receiver.received.at(-1)?.path ?? "", receiver.url).searchParams;
}

test("user, password and database go in headers, never in the address", async () => {
  await connected().command({ query: "SELECT 1" });
  const [one] = receiver.received;
  expect(one).toMatchObject({
    body: "SELECT 1",
    headers: {
      "x-clickhouse-user": "us@er",
      "x-clickhouse-key": "p:w",
      "x-clickhouse-database": "analytics",
    },
  });
  expect(one?.path).not.toMatch(/us|p%3A/);
});

test("rows are inserted as lines, with settings as parameters", async () => {
  await connected().insert({
    table: "t",
    values: [{ a: 1 }, { a: "b\n" }],
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: "app:1-2", async_insert: 0 },
  });
  expect(receiver.received[0]?.body).toBe('{"a":1}\n{"a":"b\\n"}');
  expect(Object.fromEntries(lastAsked())).toEqual({
    query: "INSERT INTO t FORMAT JSONEachRow",
    insert_deduplication_token: "app:1-2",
    async_insert: "0",
    wait_end_of_query: "1",
  });
});

test("values of a question are parameters in ClickHouse's own spelling, and its lines come back as rows", async () => {
  receiver.answer = () => ({ status: 200, body: '{"key":"a","n":1}\n{"key":"b","n":"2"}\n' });
  const answer = await connected().query({
    query: "SELECT {user:String}",
    format: "JSONEachRow",
    query_params: { user: "a\\'b\tc\nd\re", from: 5 },
  });
  expect(lastAsked().get("param_user")).toBe("a\\\\\\'b\\tc\\nd\\re");
  expect(lastAsked().get("param_from")).toBe("5");
  expect(receiver.received[0]?.body).toBe("SELECT {user:String} FORMAT JSONEachRow");
  expect(await answer.json()).toEqual([
    { key: "a", n: 1 },
    { key: "b", n: "2" },
  ]);
});

test.each([
  [{ status: 500, body: "Code: 60. DB::Exception: no such table" }, /answered 500: Code: 60/],
  [{ status: 200, headers: { "x-clickhouse-exception-code": "241" }, body: "Code: 241." }, /Code: 241/],
  [{ status: 307, headers: { location: "http://127.0.0.1:1/" } }, /answered 307/],
])("an error is an error, whatever its status: %j", async (answer, said) => {
  receiver.answer = () => answer;
  await expect(connected().command({ query: "SELECT 1" })).rejects.toThrow(said);
  expect(receiver.received).toHaveLength(1);
});

test("closing breaks off what has no answer yet, so that a stop does not wait for it", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const client = connectClickHouse(new URL(`http://127.0.0.1:${port}`));
  const asking = client.command({ query: "SELECT 1" });
  await once(silent, "connection");
  await client.close();
  await expect(asking).rejects.toThrow(/has been closed|aborted/);
  silent.close();
});

test("a host that was not named stays unreached", async () => {
  const guarded = connectClickHouse(new URL(receiver.url), new Outgoing());
  await expect(guarded.command({ query: "SELECT 1" })).rejects.toThrow(/not https/);
  expect(receiver.received).toEqual([]);
});
