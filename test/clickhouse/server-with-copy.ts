/** A running server, and `payi copy`, with ClickHouse's own engine behind its HTTP interface. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { createClient } from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";

import { connectClickHouse } from "../../apps/server/src/clickhouse/http-client.ts";
import { listening, makeFolder, payi, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY, request, sonnet } from "../../apps/server/test/support.ts";
import { type OverHttp, serveOverHttp } from "./chdb-over-http.ts";

const folder = mkdtempSync(join(tmpdir(), "payi-clickhouse-"));
const engine = createClient({ connection: createChdbConnection({ path: folder }) });
let clickHouse: OverHttp;
before(async () => {
  clickHouse = await serveOverHttp(engine, "secret");
});
after(async () => {
  await clickHouse[Symbol.asyncDispose]();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a server copies what it records, voids and changes, and its answers are those of the store", async () => {
  await using data = await makeFolder();
  const environment = { PAYI_DATA_DIR: data.path, PAYI_API_KEY: TEST_KEY, PORT: "0" };
  const copying = { ...environment, PAYI_CLICKHOUSE_URL: clickHouse.url };
  const [first, second] = [startPayi(["serve"], copying), startPayi(["serve"], environment)];
  try {
    const [url, plain] = await Promise.all([listening(first), listening(second)]);
    const ask = (base: string, method: string, path: string, body?: unknown) =>
      request(`${base}/api/v1${path}`, method, body, { "xproxy-api-key": TEST_KEY });
    const events = Array.from({ length: 300 }, (_, index) =>
      sonnet({
        user_id: `u'${index % 7}`,
        account_name: `a\\${index % 3}`,
        properties: { tier: `t"${index % 4}`, odd: String(index % 2) },
        provider_response_id: `r-${index}`,
      }),
    );
    const { body } = await ask(url, "POST", "/ingest/bulk", events);
    const ids = body.results.map(
      (result: { xproxy_result: { request_id: string } }) => result.xproxy_result.request_id,
    ) as string[];
    for (const id of ids.slice(0, 20))
      await ask(url, "PUT", `/requests/${id}/properties`, { properties: { tier: "changed" } });
    const paths = [
      "/analytics/breakdown?group_by=property:tier&limit=100",
      "/analytics/breakdown?group_by=user&account_name=a%5C1&limit=100",
      "/analytics/series?group_by=property:tier&property.odd=1&granularity=hour",
    ];
    for (const path of paths) {
      let answer = await ask(url, "GET", path);
      while (answer.headers.get("x-payi-answered-by") !== "clickhouse; behind=0") {
        await new Promise((resolve) => setTimeout(resolve, 100));
        answer = await ask(url, "GET", path);
      }
      const own = await ask(plain, "GET", path);
      assert.equal(own.headers.get("x-payi-answered-by"), null);
      const { rows, total, groups } = answer.body;
      assert.deepEqual(
        { rows, total, groups },
        { rows: own.body.rows, total: own.body.total, groups: own.body.groups },
        path,
      );
      assert.ok((rows ?? groups).length > 1);
    }
  } finally {
    await Promise.all([stop(first, "SIGTERM"), stop(second, "SIGTERM")]);
  }
  assert.match((await payi(["copy", "status"], environment)).out, /^default {2}copied up to \d+, 0 behind$/m);
  assert.match((await payi(["copy"], copying)).out, /^default {2}0 copied$/m);
});

test("a copy that cannot be reached or refuses ends the command with what was said, and without the password", async () => {
  await using data = await makeFolder();
  const environment = { PAYI_DATA_DIR: data.path };
  const wrong = clickHouse.url.replace(":secret@", ":hidden@");
  for (const [url, said] of [
    ["http://payi:hidden@127.0.0.1:1", /ECONNREFUSED/],
    [wrong, /answered 403: Code: 516/],
  ] as const) {
    const { code, error } = await payi(["copy"], { ...environment, PAYI_CLICKHOUSE_URL: url });
    assert.equal(code, 1);
    assert.match(error, said);
    assert.match(error, /run payi copy again/);
    assert.doesNotMatch(error, /hidden/);
  }
});

test("what goes over the wire is what ClickHouse's official client sends", async () => {
  const seen: { readonly parameters: Record<string, string>; readonly body: string }[] = [];
  const recorder = createServer((incoming, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of incoming.setEncoding("utf8")) body += chunk;
      const { searchParams } = new URL(incoming.url ?? "/", "http://localhost");
      seen.push({ parameters: Object.fromEntries(searchParams), body: body.trim() });
      response.writeHead(200).end("");
    })();
  });
  await new Promise<void>((resolve) => recorder.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  const official = createClient({ url });
  try {
    const ours = connectClickHouse(new URL(url));
    const values = ["plain", "a\tb\nc\rd", "quote ' and \\ backslash", "∂ 😀", "\\N", "{x:String}"];
    for (const client of [official, ours as unknown as typeof official]) {
      await client.query({
        query: "SELECT 1",
        format: "JSONEachRow",
        query_params: { from: 5, ...Object.fromEntries(values.map((value, index) => [`v${index}`, value])) },
      });
      await client.insert({
        table: "t",
        values: [{ a: "x\ny" }, { a: 1 }],
        format: "JSONEachRow",
        clickhouse_settings: { insert_deduplication_token: "a:1-2" },
      });
    }
    const [query, insert, ownQuery, ownInsert] = seen;
    const parametersOf = (one: (typeof seen)[number] | undefined, kind: RegExp) =>
      Object.entries(one?.parameters ?? {})
        .filter(([name]) => kind.test(name))
        .toSorted();
    assert.deepEqual(parametersOf(ownQuery, /^param_/), parametersOf(query, /^param_/));
    assert.equal(parametersOf(query, /^param_/).length, values.length + 1);
    assert.equal(ownQuery?.body.replaceAll(/\s+/g, " "), query?.body.replaceAll(/\s+/g, " "));
    assert.deepEqual(
      parametersOf(ownInsert, /^(?:query$|insert_)/),
      parametersOf(insert, /^(?:query$|insert_)/),
    );
    assert.equal(ownInsert?.body, insert?.body);
  } finally {
    await official.close();
    recorder.closeAllConnections();
    recorder.close();
  }
});
