import { type BatchWindow, type BatchWindows, type BudgetName } from "./batch-windows.ts";
import { type Insert, type Program, type Row, type Value, all, dialect, run, runMany } from "./program.ts";

/** What is held in one window. Sums over the line's life, in pico-dollars. */
export interface HoldLine extends BudgetName {
  readonly windowStartMs: number;
  granted: bigint;
  returned: bigint;
  settled: bigint;
}

/** A hold or a lease that was granted once. */
export interface Hold {
  readonly application: string;
  readonly id: string;
  readonly kind: "call" | "lease";
  /** `settled`: charged without an event. */
  state: "open" | "ended" | "settled";
  /** Hash of what was asked. */
  readonly request: string;
  /** JSON of what was said. */
  answer: string;
  expiresMs: number;
  /** Of an open hold, by limit and value. */
  readonly lines: Map<string, HoldLine>;
  changed: boolean;
}

const HOLD: Insert = {
  table: "hold",
  columns: ["application", "id", "kind", "state", "request", "answer", "expires_ms"],
  conflict:
    "ON CONFLICT (application, id) DO UPDATE SET state = excluded.state, answer = excluded.answer, expires_ms = excluded.expires_ms",
};
const LINE: Insert = {
  table: "hold_line",
  columns: ["application", "hold_id", "limit_id", "value", "window_start", "granted", "returned", "settled"],
  conflict:
    "ON CONFLICT (application, hold_id, limit_id, value) DO UPDATE SET granted = excluded.granted, returned = excluded.returned, settled = excluded.settled",
};
const COLUMNS = "hold.application, hold.id, kind, state, request, answer, expires_ms";
const LINE_COLUMNS =
  "hold_line.application, hold_line.hold_id, hold_line.limit_id, hold_line.value, window_start, granted, returned, settled";

/** What a line holds now. */
export function balanceOf({ granted, returned, settled }: HoldLine): bigint {
  return granted - returned - settled;
}

/** The holds that one batch opens, changes or ends: read once, written once at the end. */
export class BatchHolds {
  readonly #windows: BatchWindows;
  readonly #holds = new Map<string, Hold | null>();

  constructor(windows: BatchWindows) {
    this.#windows = windows;
  }

  /** Reads holds by their names, with the windows that they hold in. */
  *load(wanted: Iterable<readonly [application: string, id: string]>): Program<void> {
    const missing = [...wanted].filter((name) => !this.#holds.has(keyOf(...name)));
    if (missing.length === 0) return;
    for (const name of missing) this.#holds.set(keyOf(...name), null);
    const source = (yield* dialect()).rows("wanted", ["application", "hold_id"]);
    const holds = yield* all(
      `SELECT ${COLUMNS} FROM ${source} CROSS JOIN hold
       WHERE hold.application = wanted.application AND hold.id = wanted.hold_id`,
      JSON.stringify(missing),
    );
    if (holds.length === 0) return;
    for (const row of holds) this.#keep(row);
    yield* this.#keepLines(
      yield* all(
        `SELECT ${LINE_COLUMNS} FROM ${source} CROSS JOIN hold_line
         WHERE hold_line.application = wanted.application AND hold_line.hold_id = wanted.hold_id`,
        JSON.stringify(missing),
      ),
    );
  }

  /** Ends what has expired. */
  *expire(application: string, nowMs: number): Program<number> {
    const condition = "hold.application = ? AND hold.state = 'open' AND hold.expires_ms <= ?";
    const holds = yield* all(`SELECT ${COLUMNS} FROM hold WHERE ${condition}`, application, nowMs);
    if (holds.length === 0) return 0;
    const fresh = holds.filter((row) => (this.#holds.get(nameOf(row)) ?? null) === null);
    for (const row of fresh) this.#keep(row);
    const names = new Set(fresh.map(nameOf));
    const lines = yield* all(
      `SELECT ${LINE_COLUMNS} FROM hold CROSS JOIN hold_line WHERE ${condition}
         AND hold_line.application = hold.application AND hold_line.hold_id = hold.id`,
      application,
      nowMs,
    );
    yield* this.#keepLines(lines.filter((row) => names.has(lineName(row))));
    for (const row of holds) {
      const hold = this.#holds.get(nameOf(row)) ?? undefined;
      if (hold?.state === "open") yield* this.end(hold, "ended");
    }
    return holds.length;
  }

  /** One that was granted once; read where nobody asked for it before. */
  *find(application: string, id: string): Program<Hold | undefined> {
    yield* this.load([[application, id]]);
    return this.#holds.get(keyOf(application, id)) ?? undefined;
  }

  /** Opens a hold without lines. */
  open(hold: Pick<Hold, "application" | "id" | "kind" | "request" | "expiresMs">): Hold {
    const { application, id, kind, request, expiresMs } = hold;
    const state = "open" as const;
    const opened: Hold = {
      application,
      id,
      kind,
      state,
      request,
      answer: "",
      expiresMs,
      lines: new Map(),
      changed: true,
    };
    this.#holds.set(keyOf(application, id), opened);
    return opened;
  }

  /** Adds to what is held in a window. */
  grow(hold: Hold, window: BatchWindow, amount: bigint): HoldLine {
    const { application, limitId, value, startMs } = window;
    const key = lineKey(limitId, value);
    let line = hold.lines.get(key);
    if (line === undefined) {
      const name = { application, limitId, value, windowStartMs: startMs };
      line = { ...name, granted: 0n, returned: 0n, settled: 0n };
      hold.lines.set(key, line);
    }
    line.granted += amount;
    window.held += amount;
    hold.changed = true;
    return line;
  }

  /** Takes from what a line holds, as spent or as given back; never more than it has. */
  *shrink(hold: Hold, line: HoldLine, amount: bigint, as: "settled" | "returned"): Program<void> {
    const balance = balanceOf(line);
    const part = amount < balance ? amount : balance;
    if (part <= 0n) return;
    const window = yield* this.#windows.at(line, line.windowStartMs);
    line[as] += part;
    window.held -= part;
    hold.changed = true;
  }

  /** Everything that it holds is free again. */
  *end(hold: Hold, state: "ended" | "settled"): Program<void> {
    for (const line of hold.lines.values()) {
      const window = yield* this.#windows.at(line, line.windowStartMs);
      window.held -= balanceOf(line);
    }
    hold.lines.clear();
    hold.state = state;
    hold.changed = true;
  }

  /** Writes what was changed, after the limits that its lines belong to. */
  *flush(): Program<void> {
    const changed = [...this.#holds.values()].filter((hold) => hold?.changed === true);
    const holds: Value[][] = [];
    const lines: Value[][] = [];
    const ended: string[][] = [];
    for (const hold of changed) {
      if (hold === null) continue;
      const { application, id, kind, state, request, answer, expiresMs } = hold;
      holds.push([application, id, kind, state, request, answer, expiresMs]);
      if (state !== "open") ended.push([application, id]);
      for (const line of hold.lines.values()) {
        const amounts = [line.granted, line.returned, line.settled].map(String);
        lines.push([application, id, line.limitId, line.value, line.windowStartMs, ...amounts]);
      }
    }
    if (ended.length > 0) {
      const source = (yield* dialect()).rows("ended", ["application", "hold_id"]);
      yield* run(
        `DELETE FROM hold_line WHERE (application, hold_id) IN (SELECT application, hold_id FROM ${source})`,
        JSON.stringify(ended),
      );
    }
    yield* runMany(HOLD, holds);
    yield* runMany(LINE, lines);
  }

  #keep(row: Row): void {
    const hold: Hold = {
      application: String(row["application"]),
      id: String(row["id"]),
      kind: row["kind"] === "lease" ? "lease" : "call",
      state: String(row["state"]) as Hold["state"],
      request: String(row["request"]),
      answer: String(row["answer"]),
      expiresMs: Number(row["expires_ms"]),
      lines: new Map(),
      changed: false,
    };
    this.#holds.set(keyOf(hold.application, hold.id), hold);
  }

  *#keepLines(rows: readonly Row[]): Program<void> {
    for (const row of rows) {
      const line: HoldLine = {
        application: String(row["application"]),
        limitId: String(row["limit_id"]),
        value: String(row["value"]),
        windowStartMs: Number(row["window_start"]),
        granted: BigInt(String(row["granted"])),
        returned: BigInt(String(row["returned"])),
        settled: BigInt(String(row["settled"])),
      };
      this.#holds.get(lineName(row))?.lines.set(lineKey(line.limitId, line.value), line);
    }
    yield* this.#windows.load(
      rows.map((row) => {
        const start = Number(row["window_start"]);
        const name = { application: String(row["application"]), limitId: String(row["limit_id"]) };
        return [{ ...name, value: String(row["value"]) }, start, start] as const;
      }),
    );
  }
}

/** Names a line within its hold. */
export function lineKey(limitId: string, value: string): string {
  return `${limitId}\n${value}`;
}

function nameOf(row: Row): string {
  return keyOf(String(row["application"]), String(row["id"]));
}

function lineName(row: Row): string {
  return keyOf(String(row["application"]), String(row["hold_id"]));
}

function keyOf(application: string, id: string): string {
  return `${application}\n${id}`;
}
