/** One contestant of the `holds` suite, alone in its process: `<engine> <kind> <callers> <calls>`. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureKey } from "../apps/server/src/domain/keys.ts";
import { openPostgresStore } from "../apps/server/src/store/postgres/postgres-store.ts";
import { openSqliteStore } from "../apps/server/src/store/sqlite/sqlite-store.ts";
import { type Store } from "../apps/server/src/store/store.ts";
import { newEvent } from "../apps/server/test/store/support.ts";
import { makeDatabase } from "../apps/server/test/store/test-database.ts";
import { newHoldId } from "../packages/core/src/limits/hold-id.ts";
import { type Measurement } from "./contest.ts";

const [engine = "", kind = "", callersText, callsText] = process.argv.slice(2);
const callers = Number(callersText);
const USD = 10n ** 18n;
const CENT = USD / 100n;
const PICO_CENT = 10n ** 10n;
const isRace = kind === "check, then charge" || kind === "hold, then settle";
/** About as much time for everybody; a race is about what is spent. */
const calls = Number(callsText) * (callers === 1 || isRace ? 1 : 10);
const MAX = isRace ? 10n * USD : 1_000_000n * USD;
/** A provider takes its time; meanwhile others check. */
const CALL_MS = 5;

if (engine === "sqlite") {
  const directory = mkdtempSync(join(tmpdir(), "payi-bench-"));
  await measure(await openSqliteStore(join(directory, "payi.sqlite")));
  rmSync(directory, { recursive: true });
} else {
  await using database = await makeDatabase();
  await measure(await openPostgresStore(database.url));
}

async function measure(store: Store): Promise<void> {
  await ensureKey(store, "bench-key-of-the-holds-suite", "bench");
  const limitType = kind === "check, then charge" ? "allow" : "block";
  const common = { application: "default", threshold: undefined, properties: {} } as const;
  await store.createLimit({ ...common, id: "hot", name: "hot", max: MAX, limitType });
  const timesUs: number[] = [];
  let errors = 0;
  const callAll = async (): Promise<void> => {
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < calls) {
        next += 1;
        const start = performance.now();
        if (!(await once(store, next))) errors += 1;
        timesUs.push((performance.now() - start) * 1000);
      }
    };
    await Promise.all(Array.from({ length: callers }, lane));
  };
  if (!isRace) await callAll();
  timesUs.length = 0;
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await callAll();
  const [used, elapsedMs] = [process.cpuUsage(cpu), performance.now() - start];
  const spent = ((await store.limit("default", "hot"))?.totals.used ?? 0n) * 1_000_000n;
  const faults = (await store.verify()).length;
  await store.close();
  const sorted = timesUs.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const overshoot = spent > MAX ? Number(((spent - MAX) * 1000n) / MAX) / 10 : 0;
  const measurement: Measurement = {
    calls,
    cpuUs: (used.user + used.system) / calls,
    p50Us: at(0.5),
    p99Us: at(0.99),
    perSecond: Math.round((calls / elapsedMs) * 1000),
    ...(isRace ? { overshootPercent: overshoot } : {}),
    delivered: calls,
    errors: isRace ? faults : errors + faults,
  };
  process.send?.(measurement);
  process.disconnect();
}

/** One call; false where it was refused. */
async function once(store: Store, index: number): Promise<boolean> {
  // 1 to 50 cents in a race, always the same order; a tenth of a cent else.
  const cents = isRace ? BigInt(1 + ((index * 37) % 50)) : 1n;
  const most = isRace ? 50n * CENT : CENT;
  if (kind === "check, then charge") {
    const found = await store.limit("default", "hot");
    if ((found?.totals.used ?? 0n) * 1_000_000n + most > MAX) return false;
    await new Promise((resolve) => setTimeout(resolve, CALL_MS));
    await charge(store, cents, undefined);
    return true;
  }
  const estimate = { upperBound: most, worstCase: most, priced: true, inputTokens: 10, outputTokens: 10 };
  const context = { category: "system.openai" };
  const request = { holdId: newHoldId(), limitIds: ["hot"], context, estimate };
  const { admitted } = await store.hold({ application: "default", request, hash: "h", dearest: undefined });
  if (!admitted || kind === "hold") return admitted;
  if (isRace) await new Promise((resolve) => setTimeout(resolve, CALL_MS));
  await charge(store, cents, request.holdId);
  return true;
}

async function charge(store: Store, cents: bigint, holdId: string | undefined): Promise<void> {
  const total = cents * PICO_CENT;
  const cost = { input: 0n, output: total, total };
  const timeMs = Date.now();
  await store.ingest([newEvent({ timeMs, receivedMs: timeMs, cost, limitIds: ["hot"], holdId })]);
}
