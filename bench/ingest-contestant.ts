/**
 * One contestant of the `ingest` suite, alone in its process: `<events a request> <contestant> <events>`. The load comes
 * from a process of its own; what arrived is counted and verified after the clock has stopped.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Fastify, { type FastifyInstance } from "../apps/server/node_modules/fastify/fastify.js";
import { createApp } from "../apps/server/src/app.ts";
import { ensureKey } from "../apps/server/src/domain/keys.ts";
import { openPostgresStore } from "../apps/server/src/store/postgres/postgres-store.ts";
import { openSqliteStore } from "../apps/server/src/store/sqlite/sqlite-store.ts";
import { type Store } from "../apps/server/src/store/store.ts";
import { makeDatabase } from "../apps/server/test/store/test-database.ts";
import { KEY, LIMITS, type Load } from "./ingest-load.ts";

const [sizeText, contestant = "", callsText] = process.argv.slice(2);
const [size, calls] = [Number(sizeText), Number(callsText)];
const directory = mkdtempSync(join(tmpdir(), "payi-bench-"));

const [engine, answer] = contestant.split(", ", 2);

if (engine === "sqlite") await measurePayi(await openSqliteStore(join(directory, "payi.sqlite")));
else if (engine === "postgres") {
  await using database = await makeDatabase();
  await measurePayi(await openPostgresStore(database.url));
} else await measureBare();
rmSync(directory, { recursive: true });

async function measurePayi(store: Store): Promise<void> {
  await ensureKey(store, KEY, "bench");
  const limit = {
    application: "default",
    max: 10n ** 24n,
    limitType: "allow",
    threshold: undefined,
  } as const;
  for (const id of LIMITS) await store.createLimit({ ...limit, id, name: id, properties: {} });
  const app = await createApp({ store, dashboardIsOpen: true, rates: { requestsPerMinute: 0 } });
  await measure(app, async () => {
    const span = { application: "default", fromMs: 0, toMs: Date.now() + 60_000, filter: {} };
    const { total } = await store.breakdown({ ...span, groupBy: "use_case", limit: 1 });
    return { delivered: total.requests, faults: (await store.verify()).length };
  });
  await store.close();
}

/** What HTTP, JSON and a schema cost by themselves. */
async function measureBare(): Promise<void> {
  const app = Fastify({ bodyLimit: 16 * 1024 * 1024 });
  let delivered = 0;
  const text = { type: "string", maxLength: 512 };
  const event = {
    type: "object",
    required: ["category", "units"],
    properties: { category: text, resource: text, use_case_name: text, use_case_id: text, user_id: text },
  };
  const count = (body: unknown): { readonly received: number } => {
    const received = Array.isArray(body) ? body.length : 1;
    delivered += received;
    return { received };
  };
  app.post("/api/v1/ingest", { schema: { body: event } }, async ({ body }) => count(body));
  const bulk = { body: { type: "array", items: event } };
  app.post("/api/v1/ingest/bulk", { schema: bulk }, async ({ body }) => count(body));
  await measure(app, async () => ({ delivered, faults: 0 }));
}

async function measure(
  app: FastifyInstance,
  check: () => Promise<{ readonly delivered: number; readonly faults: number }>,
): Promise<void> {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  const load = fork(
    new URL("./ingest-load.ts", import.meta.url),
    [String(port), String(size), String(calls), answer === "minimal answer" ? "minimal" : "results"],
    {
      execArgv: ["--conditions=@payi/source"],
    },
  );
  await told(load, "warm");
  const before = process.cpuUsage();
  load.send("go");
  const { elapsedMs, p50Us, p99Us, warmed, errors } = (await told(load, "done")) as Load;
  const { user, system } = process.cpuUsage(before);
  const { delivered, faults } = await check();
  process.send?.({
    calls,
    cpuUs: (user + system) / calls,
    p50Us,
    p99Us,
    perSecond: Math.round((calls / elapsedMs) * 1000),
    delivered: delivered - warmed,
    errors: errors + faults + (delivered === calls + warmed ? 0 : 1),
  });
  await app.close();
}

async function told(load: ChildProcess, kind: string): Promise<unknown> {
  const [message] = (await once(load, "message")) as [{ readonly kind: string }];
  if (message.kind !== kind) throw new Error(`The load said ${message.kind} and not ${kind}.`);
  return message;
}
