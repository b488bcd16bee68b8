import { HEADER } from "@payi/core/wire";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { onEachEngine } from "../store/support.ts";
import { sonnet } from "../support.ts";
import { SIZED_TIMEOUT, sized } from "../test-size.ts";
import { type AbusedServer, OTHERS, abusedServer } from "./abused-server.ts";
import { SQL_PAYLOADS } from "./payloads.ts";
import { type ApiDocument, type Probe, placesOf } from "./probes.ts";

onEachEngine("texts that break out of SQL", (engine) => {
  let server: AbusedServer;
  beforeAll(async () => {
    server = await abusedServer(engine);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** What went wrong with a probe; undefined for an answer or a refusal. */
  async function send({ place, method, path, body }: Probe): Promise<string | undefined> {
    const first = await server.call(method, path, body);
    const answer =
      first.status === 403
        ? await server.call(method, path, body, { "xproxy-api-key": server.adminKey })
        : first;
    if (answer.status >= 500) return `${place} ${path}: ${answer.status}`;
    return JSON.stringify(answer.body ?? "").includes(OTHERS) && !path.startsWith("/applications")
      ? `${place} ${path}: shows another application`
      : undefined;
  }

  test(
    "stand in every place of the API without a 5xx and without another application's data",
    async () => {
      const document = (await (await fetch(`${server.url}/docs/openapi.json`)).json()) as ApiDocument;
      const places = placesOf(document);
      expect(places.length).toBeGreaterThan(200);
      const faults: string[] = [];
      const each = sized(1, SQL_PAYLOADS.length);
      const waiting = places.flatMap((place, index) =>
        Array.from({ length: each }, (_, more) =>
          place(SQL_PAYLOADS[(index + more) % SQL_PAYLOADS.length] ?? ""),
        ),
      );
      const worker = async (): Promise<void> => {
        for (let probe = waiting.shift(); probe !== undefined; probe = waiting.shift()) {
          const fault = await send(probe);
          if (fault !== undefined) faults.push(fault);
        }
      };
      await Promise.all(Array.from({ length: 4 }, worker));
      expect(faults).toEqual([]);
    },
    SIZED_TIMEOUT,
  );

  test("a NUL in the name of anything is a 400", async () => {
    const [limit, name] = ["/limits/", "/use_cases/definitions/"];
    for (const [method, path] of [
      ["GET", limit],
      ["GET", name],
      ["PUT", "/holds/"],
      ["DELETE", "/holds/"],
      ["DELETE", "/leases/"],
      ["GET", "/requests/provider/system.openai/"],
    ] as const) {
      const end = path.startsWith("/requests") ? "/result" : "";
      const body = method === "GET" ? undefined : {};
      const { status, body: said } = await server.call(method, `${path}a%00b${end}`, body);
      expect([path, status, said.message]).toEqual([path, 400, expect.stringContaining("NUL")]);
    }
  });

  test.each(["user_id", "account_name", "use_case_id", "resource", "category", "property.name"])(
    "the filter %s finds what has the text as its value, and nothing else",
    async (filter) => {
      for (const payload of SQL_PAYLOADS.slice(0, 12)) {
        const found = await server.call(
          "GET",
          `/analytics/requests?${filter}=${encodeURIComponent(payload)}`,
        );
        expect([payload, found.status, found.body.items]).toEqual([payload, 200, []]);
      }
      const [payload = ""] = SQL_PAYLOADS;
      if (filter === "resource" || filter === "category" || filter === "use_case_id") return;
      const event = filter === "property.name" ? { properties: { name: payload } } : { [filter]: payload };
      const { body } = await server.call("POST", "/ingest", sonnet(event));
      const found = await server.call("GET", `/analytics/requests?${filter}=${encodeURIComponent(payload)}`);
      expect(found.body.items.map((item: { request_id: string }) => item.request_id)).toEqual([
        body.request_id,
      ]);
    },
  );

  test("context headers with them are refused or kept as they are", async () => {
    for (const name of Object.values(HEADER)) {
      if (name === HEADER.apiKey) continue;
      for (const payload of SQL_PAYLOADS.filter((text) => /^[\t\x20-\x7E]*$/.test(text)).slice(0, 6)) {
        const { status } = await server.call("POST", "/ingest", sonnet(), { [name]: payload });
        expect([name, payload, status < 500]).toEqual([name, payload, true]);
      }
    }
  });

  test(
    "any text, as property and as filter, is found again",
    async () => {
      const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(text, async (value) => {
          const sent = await server.call("POST", "/ingest", sonnet({ properties: { drawn: value } }));
          expect(sent.status).toBeLessThan(500);
          if (sent.status !== 200) return;
          const path = `/analytics/breakdown?group_by=property:drawn&property.drawn=${encodeURIComponent(value)}`;
          const { status, body } = await server.call("GET", path);
          expect(status).toBe(200);
          expect(value.includes("\0") || body.total.requests > 0).toBe(true);
        }),
        { numRuns: sized(15, 2000) },
      );
    },
    SIZED_TIMEOUT,
  );

  test("leave every table and every sum whole", async () => {
    expect(await server.store.verify()).toEqual([]);
    const { status, body } = await server.call("GET", "/analytics/breakdown?use_case_name=mine");
    expect([status, body.total.requests > 0]).toEqual([200, true]);
  });
});
