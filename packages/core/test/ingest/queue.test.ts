import { expect, test } from "vitest";

import { type Platform, startLoopback, startPlatform, until } from "../support.ts";
import { addsUp, event, openQueue } from "./open-queue.ts";

test("events leave in batches and are acknowledged", async () => {
  await using platform = await startPlatform();
  const queue = openQueue(platform.url);
  for (let index = 0; index < 1_200; index += 1) queue.push(event(`e${index}`));
  expect(await queue.flush({ timeoutMs: 30_000 })).toEqual({
    sent: 1_200,
    spooled: 0,
    failed: 0,
    dropped: 0,
  });
  expect(platform.events).toHaveLength(1_200);
  expect(platform.received.length).toBeLessThan(10);
  expect(queue.stats).toMatchObject({ produced: 1_200, delivered: 1_200, pending: 0 });
});

test("what comes in while a batch is on its way waits for company, or for whoever flushes", async () => {
  await using platform = await startPlatform();
  const queue = openQueue(platform.url, { lingerMs: 600_000 });
  for (let index = 0; index < 501; index += 1) queue.push(event(`e${index}`));
  await until(() => queue.stats.delivered === 500, "the full batch to be acknowledged");
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(queue.stats.pending).toBe(1);
  expect(platform.received).toHaveLength(1);
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 1 });
});

test("a platform that was away gets everything afterwards, once", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url);
  for (let index = 0; index < 50; index += 1) queue.push(event(`e${index}`));
  expect(await queue.flush({ timeoutMs: 200 })).toMatchObject({ sent: 0, failed: 50 });
  platform.outage = undefined;
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 50, failed: 0 });
  expect(platform.events.map(({ providerResponseId }) => providerResponseId)).toEqual(
    Array.from({ length: 50 }, (_, index) => `e${index}`),
  );
});

test("a full queue drops the oldest, and every event is accounted for", async () => {
  await using platform: Platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url, { maxItems: 100 });
  for (let index = 0; index < 500; index += 1) {
    queue.push(event(`e${index}`));
    if (!addsUp(queue.stats)) throw new Error(`does not add up at ${index}`);
  }
  platform.outage = undefined;
  await queue.flush({ timeoutMs: 30_000 });
  const { delivered, dropped } = queue.stats;
  expect(delivered + dropped.queue_overflow).toBe(500);
  expect(delivered).toBeLessThanOrEqual(100);
  expect(platform.events.at(-1)?.providerResponseId).toBe("e499");
  expect(addsUp(queue.stats)).toBe(true);
});

test("the bound on bytes holds even where the bound on the count is lifted", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url, { maxItems: 0, maxBytes: 100_000 });
  for (let index = 0; index < 500; index += 1) queue.push(event(`e${index}`));
  expect(queue.stats.dropped.queue_overflow).toBeGreaterThan(300);
});

test("one item that the platform refuses does not hold up the others", async () => {
  await using platform = await startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { provider_response_id: string }[];
    const results = items.map((item) =>
      item.provider_response_id === "bad"
        ? { error: { code: "invalid_json", message: "bad item" } }
        : { request_id: item.provider_response_id },
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ request_id: "b", ingest_timestamp: "2026-01-01T00:00:00Z", results }));
  });
  const queue = openQueue(platform.url);
  for (const id of ["a", "bad", "c"]) queue.push(event(id));
  expect(await queue.flush({ timeoutMs: 30_000 })).toEqual({ sent: 2, spooled: 0, failed: 0, dropped: 1 });
  expect(queue.stats.dropped.rejected).toBe(1);
});

test("an event that breaks the platform is isolated and given up, the others arrive", async () => {
  const arrived: string[] = [];
  await using platform = await startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { provider_response_id: string }[];
    const ids = items.map((item) => item.provider_response_id);
    if (ids.includes("poison")) {
      response.writeHead(500).end("{}");
      return;
    }
    arrived.push(...ids);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ results: ids.map((id) => ({ request_id: id })) }));
  });
  const queue = openQueue(platform.url);
  for (const id of ["a", "poison", "b", "c"]) queue.push(event(id));
  await queue.flush({ timeoutMs: 30_000 });
  expect(arrived.toSorted()).toEqual(["a", "b", "c"]);
  expect(queue.stats.dropped.poison).toBe(1);
});

test("an event whose limit the platform will not charge is sent again without the limit: spend is never lost", async () => {
  const bodies: { limit_ids?: string[] }[] = [];
  await using platform = await startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { limit_ids?: string[] }[];
    bodies.push(...items);
    const results = items.map((item) =>
      item.limit_ids === undefined ? {} : { error: { code: "blocking_limit_not_allowed", message: "no" } },
    );
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ results }));
  });
  const queue = openQueue(platform.url);
  queue.push(event("a", { limitIds: ["hard"] }));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 1, dropped: 0 });
  expect(bodies.map((body) => body.limit_ids)).toEqual([["hard"], undefined]);
});

test("a wrong key drops what it concerns, counted, and does not loop", async () => {
  await using platform = await startLoopback((_request, response) => {
    response.writeHead(401).end('{"xproxy_error":{"code":"invalid_api_key","message":"no"}}');
  });
  const queue = openQueue(platform.url);
  for (const id of ["a", "b", "c"]) queue.push(event(id));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ dropped: 3 });
  expect(platform.received).toHaveLength(1);
});

test("one by one, a score waits for the events queued before it, and creates what is missing", async () => {
  const calls: string[] = [];
  const exists = new Set<string>();
  await using platform = await startLoopback((request, response) => {
    calls.push(`${request.method} ${request.url.replace("/api/v1/", "")}`);
    response.setHeader("content-type", "application/json");
    const answer = (status: number, body: object): void => {
      response.writeHead(status).end(JSON.stringify(body));
    };
    if (request.url.endsWith("/bulk")) return answer(200, { results: [{}] });
    // Pay-i's own cloud.
    if (request.url.endsWith("/scores")) return answer(405, {});
    if (request.method === "POST") {
      exists.add(
        request.url.includes("/kpis") ? "kpi" : request.url.includes("instances") ? "instance" : "definition",
      );
      return answer(201, { name: "a", use_case_name: "a", use_case_id: "1" });
    }
    const code = !exists.has("definition")
      ? "use_case_not_found"
      : !exists.has("instance")
        ? "use_case_instance_not_found"
        : exists.has("kpi")
          ? undefined
          : "kpi_not_found";
    return code === undefined ? answer(200, {}) : answer(404, { xproxy_error: { code, message: "missing" } });
  });
  const queue = openQueue(platform.url);
  queue.push(event("e"));
  queue.pushScore({
    useCaseName: "a",
    useCaseId: "1",
    kpiName: "saved",
    score: true,
    definition: { kpiType: "boolean", goal: 1, description: "saved" },
    instance: { useCaseId: "1" },
  });
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 2 });
  const put = "PUT use_cases/instances/a/1/kpis/saved";
  expect(calls).toEqual([
    "POST ingest/bulk",
    "POST scores",
    put,
    "POST use_cases/definitions",
    put,
    "POST use_cases/instances/a",
    put,
    "POST use_cases/definitions/a/kpis",
    put,
  ]);
});

test("close settles everything, may be called twice, and what comes later is counted", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url);
  queue.push(event("a"));
  await queue.close({ timeoutMs: 50 });
  await queue.close({ timeoutMs: 50 });
  queue.push(event("b"));
  await until(() => queue.stats.pending === 0, "nothing to be pending");
  expect(queue.stats.dropped.shutdown_deadline).toBe(2);
});

test("a connection that breaks in the middle of the answer loses and doubles nothing", async () => {
  let answers = 0;
  await using platform = await startLoopback((request, response, socket) => {
    answers += 1;
    const items = JSON.parse(request.body) as unknown[];
    const text = JSON.stringify({ request_id: "b", results: items.map(() => ({})) });
    response.setHeader("content-type", "application/json").setHeader("content-length", text.length);
    if (answers > 1) response.end(text);
    else response.write(text.slice(0, 10), () => socket.socket.destroy());
  });
  const queue = openQueue(platform.url);
  for (const id of ["a", "b"]) queue.push(event(id));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 2, dropped: 0 });
  expect(queue.stats).toMatchObject({ produced: 2, delivered: 2 });
});

test("a page that is no platform's answer acknowledges nothing, whatever its status", async () => {
  await using portal = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<h1>Sign in to the network</h1>");
  });
  const queue = openQueue(portal.url);
  queue.push(event("a"));
  expect(await queue.flush({ timeoutMs: 300 })).toMatchObject({ sent: 0, failed: 1 });
});

test("an outage that answers 500 is no proof against any event: all arrive when it ends", async () => {
  await using platform = await startPlatform();
  platform.outage = 500;
  const queue = openQueue(platform.url, { firstDelayMs: 20 });
  for (let index = 0; index < 8; index += 1) queue.push(event(`e${index}`));
  await until(() => platform.received.length > 6, "many failed attempts");
  platform.outage = undefined;
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 8, dropped: 0 });
  expect(platform.events).toHaveLength(8);
});

test("an event that cannot be JSON is dropped alone", async () => {
  await using platform = await startPlatform();
  const queue = openQueue(platform.url);
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  queue.push(event("a"));
  queue.push(event("b", { properties: circular as never }));
  queue.push(event("c"));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 2, dropped: 1 });
  expect(queue.stats.dropped.encode_failed).toBe(1);
});

test("with queueEnabled false, what fails is dropped after the inline retries, counted", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url, { keepsUndelivered: false, quickRetries: 2, firstDelayMs: 5 });
  queue.push(event("a"));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 0, dropped: 1 });
  expect(platform.received).toHaveLength(3);
  expect(queue.stats.dropped.queue_disabled).toBe(1);
});

test("every batch carries the figures, so that a gap can be shown", async () => {
  await using platform = await startPlatform();
  platform.outage = 503;
  const queue = openQueue(platform.url, { maxItems: 10 });
  for (let index = 0; index < 30; index += 1) queue.push(event(`e${index}`));
  platform.outage = undefined;
  await queue.flush({ timeoutMs: 30_000 });
  const header = platform.received.at(-1)?.headers["x-payi-client-report"];
  expect(JSON.parse(String(header))).toMatchObject([
    { produced: 30, delivered: 0, dropped: { queue_overflow: 20 }, pending: 10 },
  ]);
});
