/* oxlint-disable no-await-in-loop -- page after page */
import { setImmediate } from "node:timers/promises";

import { type PriceBook, formatMoney, fromPico } from "@payi/core/cost";
import { WireError } from "@payi/core/wire";

import { type StoredEvent } from "../store/event.ts";
import { type Position } from "../store/query.ts";
import { type Store } from "../store/store.ts";
import { type PriceDifference, compareBooks } from "./compare-books.ts";
import { costOf } from "./event-cost.ts";
import { Pricing } from "./pricing.ts";

const DAY_MS = 86_400_000;
const PAGE = 1000;
/** Enough to see what a book does; more would keep an activation waiting. */
const MOST_EVENTS = 50_000;
const MOST_REASONS = 20;
const MOST_CHANGE = 3n;

/** What one gate says. `reasons` are for people; only gates that are `approvable` open with `approve: true`. */
export interface Gate {
  readonly gate: "schema" | "sources" | "removed_or_free" | "change_over_3x" | "past" | "replay";
  readonly passed: boolean;
  readonly approvable: boolean;
  readonly reasons: readonly string[];
}

/** What the last day would have cost, by model, where it differs; exact decimal text. */
export interface ReplayRow {
  readonly category: string;
  readonly resource: string | null;
  readonly requests: number;
  readonly before: string;
  readonly after: string;
  readonly difference: string;
  /** Requests that had no cost; they are in no `before`. */
  readonly newly_priced: number;
  /** Requests that would lose their price. */
  readonly lost: number;
}

/** What stands between a candidate and its activation. */
export interface GateReport {
  readonly compared_with: string;
  readonly gates: readonly Gate[];
  readonly replayed: number;
  /** The last day has more requests than are replayed; the newest were taken. */
  readonly replay_capped: boolean;
  readonly replay: readonly ReplayRow[];
}

/** Holds a candidate against the active book; what has been uploaded has the right shape and its sources already. */
export async function checkGates(
  store: Store,
  applications: readonly string[],
  active: PriceBook,
  candidate: PriceBook,
  nowMs: number,
): Promise<GateReport> {
  const lost: string[] = [];
  const large: string[] = [];
  const past: string[] = [];
  for (const difference of compareBooks(active, candidate, nowMs)) {
    if (difference === undefined) {
      // A large book takes a while; requests go on meanwhile.
      await setImmediate();
      continue;
    }
    const { before, after } = difference;
    if (before === null) continue;
    const text = describe(difference);
    if (after === null) lost.push(`${text} loses its price`);
    else if (after === 0n) lost.push(`${text} becomes free`);
    else if (before === 0n || after > before * MOST_CHANGE || before > after * MOST_CHANGE)
      large.push(`${text} changes by ${factor(before, after)}`);
    if (difference.timeMs < nowMs) past.push(`${text} changes for the time before now`);
  }
  const { rows, replayed, capped } = await replay(store, applications, active, candidate, nowMs);
  const losing = rows.flatMap((row) =>
    row.lost === 0
      ? []
      : [`${row.lost} requests of ${row.category}/${row.resource ?? "–"} of the last day lose their price`],
  );
  return {
    compared_with: active.version,
    gates: [
      toGate("schema", false, []),
      toGate("sources", false, []),
      toGate("removed_or_free", false, lost),
      toGate("change_over_3x", true, large),
      toGate("past", true, past),
      toGate("replay", false, losing),
    ],
    replayed,
    replay_capped: capped,
    replay: rows,
  };
}

/** @throws {WireError} `price_book_gate_failed` with the reasons of every gate that stays shut. */
export function passGates(report: GateReport, approve: boolean): void {
  const shut = report.gates.filter(({ passed, approvable }) => !passed && !(approvable && approve));
  if (shut.length === 0) return;
  const reasons = shut.map(({ gate, reasons: given }) => `${gate}: ${given.join(", ")}`).join("; ");
  const way = shut.every(({ approvable }) => approvable)
    ? 'Look at the differences and activate with {"approve": true}, or upload a corrected book.'
    : "Upload a book that keeps what the active one has a price for.";
  throw new WireError("price_book_gate_failed", `The book stays a candidate. ${reasons}. ${way}`);
}

async function replay(
  store: Store,
  applications: readonly string[],
  active: PriceBook,
  candidate: PriceBook,
  nowMs: number,
): Promise<{ readonly rows: readonly ReplayRow[]; readonly replayed: number; readonly capped: boolean }> {
  const data = await store.pricing(-1);
  const own = {
    customResources: data?.customResources ?? [],
    mappings: data?.mappings ?? [],
    dbuPrices: data?.dbuPrices ?? [],
  };
  const [before, after] = [new Pricing(active, own), new Pricing(candidate, own)];
  const rows = new Map<string, ReplaySums>();
  // Each has its share, so that a busy one does not hide what happens to the others.
  const share = Math.max(1, Math.floor(MOST_EVENTS / applications.length));
  let [replayed, capped] = [0, false];
  for (const application of applications) {
    const span = { application, fromMs: nowMs - DAY_MS, toMs: nowMs + 1, filter: {} };
    let [left, position] = [share, undefined as Position | undefined];
    do {
      const limit = Math.min(PAGE, left);
      const page = await store.events(span, { limit, ascending: false, after: position });
      for (const event of page.items) note(event);
      replayed += page.items.length;
      left -= page.items.length;
      position = page.next;
    } while (position !== undefined && left > 0);
    capped ||= position !== undefined;
  }

  function note(event: StoredEvent): void {
    const [old, fresh] = [total(event, before), total(event, after)];
    if (old === fresh) return;
    const key = JSON.stringify([event.category, event.resource]);
    const row = rows.get(key) ?? { requests: 0, before: 0n, after: 0n, lost: 0, newlyPriced: 0 };
    row.requests += 1;
    row.before += old ?? 0n;
    row.after += fresh ?? 0n;
    row.lost += fresh === null ? 1 : 0;
    row.newlyPriced += old === null ? 1 : 0;
    rows.set(key, row);
  }

  return {
    replayed,
    capped,
    rows: [...rows].map(([key, row]) => toReplayRow(key, row)),
  };
}

function total(event: StoredEvent, pricing: Pricing): bigint | null {
  return costOf(event, pricing).cost?.total ?? null;
}

interface ReplaySums {
  requests: number;
  before: bigint;
  after: bigint;
  lost: number;
  newlyPriced: number;
}

function toReplayRow(key: string, row: Readonly<ReplaySums>): ReplayRow {
  const [category, resource] = JSON.parse(key) as [string, string | null];
  return {
    category,
    resource,
    requests: row.requests,
    before: formatMoney(fromPico(row.before)),
    after: formatMoney(fromPico(row.after)),
    difference: formatMoney(fromPico(row.after - row.before)),
    newly_priced: row.newlyPriced,
    lost: row.lost,
  };
}

function toGate(gate: Gate["gate"], approvable: boolean, reasons: readonly string[]): Gate {
  const different = [...new Set(reasons)];
  const more = different.length - MOST_REASONS;
  const shown = different.slice(0, MOST_REASONS);
  return {
    gate,
    passed: reasons.length === 0,
    approvable,
    reasons: more > 0 ? [...shown, `and ${more} more`] : shown,
  };
}

function describe(difference: PriceDifference): string {
  const { category, resource, unit, direction, tier, scope, residency, timeMs } = difference;
  const variant = [tier === "standard" ? undefined : tier, scope, residency].filter(
    (part) => part !== undefined,
  );
  const of = variant.length === 0 ? "" : ` (${variant.join(", ")})`;
  return `${category}/${resource}${of} ${unit} ${direction} at ${new Date(timeMs).toISOString()}`;
}

function factor(before: bigint, after: bigint): string {
  if (before === 0n) return "more than any factor, from 0";
  const hundredths = (after * 100n) / before;
  return `× ${Number(hundredths) / 100}`;
}
