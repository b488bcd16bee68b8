/**
 * What SQLite itself does, in the `ingest` suite: `<events a transaction> <contestant> <events>`. No HTTP, nothing parsed
 * and nothing decided: the row of each event with three indexes and its key, and one upsert for each total that it is
 * added to, which are an hour, a user's day, an instance and three limits.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

import { newId } from "../apps/server/src/new-id.ts";
import { LIMITS } from "./ingest-load.ts";

const [sizeText, , callsText] = process.argv.slice(2);
const [size, calls] = [Number(sizeText), Number(callsText)];
const WARM_EVENTS = 20_000;
const COST = 5_400_000_000;
const UNITS = '{"text":{"input":900,"output":120},"text_cache_read":{"input":3000,"output":0}}';
const LINES =
  '[["text.input",900,"0.0027"],["text.output",120,"0.0018"],["text_cache_read.input",3000,"0.0009"]]';
const PROPERTIES = '{"environment":"production","plan":"free"}';

const directory = mkdtempSync(join(tmpdir(), "payi-bench-"));
const database = new DatabaseSync(join(directory, "store.sqlite"));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 16000;
  CREATE TABLE event (id TEXT PRIMARY KEY, application, time_ms, received_ms, category, resource, use_case, instance,
    user, account, http_status, latency_ms, first_token_ms, units, cost, cost_lines, book, response_id, properties);
  CREATE INDEX event_by_time ON event (application, time_ms);
  CREATE INDEX event_by_use_case ON event (application, use_case, time_ms);
  CREATE INDEX event_by_instance ON event (application, instance, use_case, time_ms);
  CREATE TABLE event_key (category, key, event_id, PRIMARY KEY (category, key)) WITHOUT ROWID;`);
const event = database.prepare(`INSERT INTO event VALUES (${Array(19).fill("?").join(", ")})`);
const key = database.prepare("INSERT INTO event_key VALUES (?, ?, ?)");
const hour = total("rollup_hour");
const day = total("rollup_day");
const instance = total("instance");
const limit = total("limit_window");

/** A total of three names. */
function total(table: string): StatementSync {
  database.exec(
    `CREATE TABLE ${table} (a, b, c, n INTEGER, cost INTEGER, PRIMARY KEY (a, b, c)) WITHOUT ROWID`,
  );
  return database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?, 1, ?)
    ON CONFLICT (a, b, c) DO UPDATE SET n = n + 1, cost = cost + excluded.cost`);
}

/** As the load of the suite has them. */
function write(number: number): void {
  const nowMs = Date.now();
  const timeMs = nowMs - (number % 240) * 60_000;
  const [useCase, user, account] = [
    `use_case_${number % 10}`,
    `user-${number % 1000}`,
    `account-${number % 50}`,
  ];
  const [name, response, id] = [
    `instance-${Math.floor(number / 50)}-${number % 10}`,
    `msg_${String(number).padStart(24, "0")}`,
    newId(),
  ];
  const [category, resource] = ["system.anthropic", "claude-sonnet-4-20250514"];
  const who = ["default", timeMs, nowMs, category, resource, useCase, name, user, account];
  event.run(id, ...who, 200, 200 + (number % 3000), 90, UNITS, COST, LINES, "book", response, PROPERTIES);
  key.run(category, response, id);
  hour.run(Math.floor(timeMs / 3_600_000), useCase, resource, COST);
  day.run("user", Math.floor(timeMs / 86_400_000), user, COST);
  instance.run("default", useCase, name, COST);
  for (const id_ of LIMITS) limit.run("default", id_, 0, COST);
}

/** Microseconds that each transaction took. */
function run(from: number, to: number): number[] {
  const timesUs: number[] = [];
  for (let start = from; start < to; start += size) {
    const startMs = performance.now();
    database.exec("BEGIN IMMEDIATE");
    for (let number = start; number < Math.min(start + size, to); number += 1) write(number);
    database.exec("COMMIT");
    timesUs.push((performance.now() - startMs) * 1000);
  }
  return timesUs;
}

const warmed = Math.min(WARM_EVENTS, calls);
run(0, warmed);
const [before, startMs] = [process.cpuUsage(), performance.now()];
const timesUs = run(warmed, warmed + calls).toSorted((left, right) => left - right);
const elapsedMs = performance.now() - startMs;
const { user, system } = process.cpuUsage(before);
const delivered = Number(database.prepare("SELECT count(*) AS n FROM event").get()?.["n"]) - warmed;
process.send?.({
  calls,
  cpuUs: (user + system) / calls,
  p50Us: timesUs[timesUs.length >> 1] ?? Number.NaN,
  p99Us: timesUs[Math.floor(timesUs.length * 0.99)] ?? Number.NaN,
  perSecond: Math.round((calls / elapsedMs) * 1000),
  delivered,
  errors: delivered === calls ? 0 : 1,
});
database.close();
rmSync(directory, { recursive: true });
