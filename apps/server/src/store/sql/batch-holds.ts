import { type BatchWindow, type BatchWindows } from "./batch-windows.ts";
import {
  type HoldLine,
  type HoldLines,
  NO_LINES,
  balanceOf,
  lineKey,
  readLines,
  writeLines,
} from "./hold-lines.ts";
import { type Insert, type Program, type Row, type Value, all, dialect, run, runMany } from "./program.ts";

/** A hold or a lease that was granted once. */
export interface Hold {
  readonly application: string;
  readonly id: string;
  readonly kind: "call" | "lease";
  /** `settled`: charged without an event. */
  state: "open" | "ended" | "settled";
  /** Hash of what was asked. */
  readonly request: string;
  /** What was said; `hold-answer.ts` reads it. */
  answer: string;
  expiresMs: number;
  /** Of an open hold. */
  readonly lines: HoldLines;
  /** Opened by this batch. */
  readonly isNew: boolean;
  changed: boolean;
}

const COLUMNS = ["application", "id", "kind", "state", "request", "answer", "expires_ms", "lines"] as const;
const OPENED: Insert = { table: "hold", columns: COLUMNS, conflict: "" };
const CHANGED: Insert = {
  table: "hold",
  columns: COLUMNS,
  conflict:
    "ON CONFLICT (application, id) DO UPDATE SET state = excluded.state, expires_ms = excluded.expires_ms, lines = excluded.lines",
};
const READ: string = COLUMNS.map((name) => `hold.${name}`).join(", ");

/** The holds that one batch opens, changes or ends: read once, written once at the end. */
export class BatchHolds {
  readonly #windows: BatchWindows;
  readonly #holds = new Map<string, Hold | null>();

  constructor(windows: BatchWindows) {
    this.#windows = windows;
  }

  /** Reads holds by their names, with the windows that they hold in. */
  *load(wanted: Iterable<readonly [application: string, id: string]>): Program<void> {
    const missing: (readonly [string, string])[] = [];
    for (const name of wanted) {
      const key = keyOf(name[0], name[1]);
      if (this.#holds.has(key)) continue;
      this.#holds.set(key, null);
      missing.push(name);
    }
    if (missing.length === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "hold_id"]);
    const rows = yield* all(
      `SELECT ${READ} FROM ${source} CROSS JOIN hold
       WHERE hold.application = wanted.application AND hold.id = wanted.hold_id`,
      JSON.stringify(missing),
    );
    yield* this.#keep(rows);
  }

  /** Ends what has expired. */
  *expire(application: string, nowMs: number): Program<number> {
    const rows = yield* all(
      `SELECT ${READ} FROM hold WHERE application = ? AND state = 'open' AND expires_ms <= ?`,
      application,
      nowMs,
    );
    if (rows.length === 0) return 0;
    yield* this.#keep(rows.filter((row) => (this.#holds.get(nameOf(row)) ?? null) === null));
    for (const row of rows) {
      const hold = this.#holds.get(nameOf(row)) ?? undefined;
      if (hold?.state === "open") yield* this.end(hold, "ended");
    }
    return rows.length;
  }

  /** One that was granted once; read where nobody asked for it before. */
  *find(application: string, id: string): Program<Hold | undefined> {
    yield* this.load([[application, id]]);
    return this.known(application, id);
  }

  /** The same among those that were asked for before. */
  known(application: string, id: string): Hold | undefined {
    return this.#holds.get(keyOf(application, id)) ?? undefined;
  }

  /** Opens a hold without lines, under an id that was looked for before. */
  open(hold: Pick<Hold, "application" | "id" | "kind" | "request" | "expiresMs">): Hold {
    const { application, id, kind, request, expiresMs } = hold;
    const before = this.known(application, id);
    const opened: Hold = {
      application,
      id,
      kind,
      state: "open",
      request,
      answer: "",
      expiresMs,
      lines: new Map(),
      isNew: before === undefined || before.isNew,
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
      line = { application, limitId, value, windowStartMs: startMs, granted: 0n, returned: 0n, settled: 0n };
      hold.lines.set(key, line);
      if (hold.kind === "lease") window.leases += 1;
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
      if (hold.kind === "lease") window.leases -= 1;
    }
    hold.lines.clear();
    hold.state = state;
    hold.changed = true;
  }

  /** Writes what was changed, after the limits that its lines belong to. */
  *flush(): Program<void> {
    const opened: Value[][] = [];
    const changed: Value[][] = [];
    const over = { ended: [] as string[][], settled: [] as string[][] };
    for (const hold of this.#holds.values()) {
      if (hold?.changed !== true) continue;
      const { application, id, state } = hold;
      if (hold.isNew) opened.push(toRow(hold));
      else if (state === "open") changed.push(toRow(hold));
      else over[state].push([application, id]);
    }
    yield* runMany(OPENED, opened);
    yield* runMany(CHANGED, changed);
    yield* this.#finish("ended", over.ended);
    yield* this.#finish("settled", over.settled);
  }

  *#finish(state: "ended" | "settled", names: readonly (readonly string[])[]): Program<void> {
    if (names.length === 0) return;
    const source = (yield* dialect()).rows("finished", ["application", "hold_id"]);
    yield* run(
      `UPDATE hold SET state = ?, lines = '${NO_LINES}' WHERE (application, id) IN (SELECT application, hold_id FROM ${source})`,
      state,
      JSON.stringify(names),
    );
  }

  *#keep(rows: readonly Row[]): Program<void> {
    if (rows.length === 0) return;
    const lines: HoldLine[] = [];
    for (const row of rows) {
      const hold = readHold(row);
      this.#holds.set(keyOf(hold.application, hold.id), hold);
      lines.push(...hold.lines.values());
    }
    yield* this.#windows.load(lines.map((line) => [line, line.windowStartMs, line.windowStartMs] as const));
  }
}

function toRow(hold: Hold): Value[] {
  const { application, id, kind, state, request, answer, expiresMs, lines } = hold;
  return [application, id, kind, state, request, answer, expiresMs, writeLines(lines)];
}

function readHold(row: Row): Hold {
  const application = String(row["application"]);
  return {
    application,
    id: String(row["id"]),
    kind: row["kind"] === "lease" ? "lease" : "call",
    state: String(row["state"]) as Hold["state"],
    request: String(row["request"]),
    answer: String(row["answer"]),
    expiresMs: Number(row["expires_ms"]),
    lines: readLines(application, row["lines"]),
    isNew: false,
    changed: false,
  };
}

function nameOf(row: Row): string {
  return keyOf(String(row["application"]), String(row["id"]));
}

function keyOf(application: string, id: string): string {
  return `${application}\n${id}`;
}
