import { type SimulatedModel, costOf } from "./models.ts";
import { type SimulatedUsage } from "./usage.ts";

/** One request as the simulated provider bills it. */
export interface LedgerEntry {
  /** The answer's own id (`msg_…`, `chatcmpl-…`, `resp_…`); the request id where an answer has none. */
  readonly id: string;
  readonly requestId: string;
  /** ISO 8601 UTC, when the answer ended. */
  readonly time: string;
  readonly api: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly status: number;
  /** False when the client left or the connection was cut before the end. */
  readonly finished: boolean;
  readonly usage: SimulatedUsage;
  /** Exact USD as decimal text. */
  readonly cost: string;
}

/** What `GET /ledger` answers. */
export interface LedgerReport {
  /** Exact USD of everything billed since the start, also of entries that are no longer listed. */
  readonly total: string;
  readonly count: number;
  /** Oldest first, at most the last 10,000. */
  readonly entries: readonly LedgerEntry[];
}

const KEPT = 10_000;

/** The provider's own books: every accepted request is in it once, however it ended. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];
  #count = 0;
  #totalPico = 0n;

  /** Books one request at the model's list price. */
  book(model: SimulatedModel, request: Omit<LedgerEntry, "cost" | "time" | "model">): LedgerEntry {
    const pico = costOf(model, request.usage);
    const time = new Date().toISOString();
    const entry = { ...request, model: model.snapshot, time, cost: formatPico(pico) };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    this.#count += 1;
    this.#totalPico += pico;
    return entry;
  }

  report(): LedgerReport {
    return { total: formatPico(this.#totalPico), count: this.#count, entries: [...this.#entries] };
  }
}

/** Pico-dollars (1e-12 USD) as exact decimal text without trailing zeros. */
export function formatPico(pico: bigint): string {
  const digits = pico.toString().padStart(13, "0");
  const fraction = digits.slice(-12).replace(/0+$/, "");
  const whole = digits.slice(0, -12);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
