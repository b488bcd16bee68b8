/** What an instance's runs counted, and the KPIs that are made of it. */
import { type AutoKpiOptions, type Instance } from "@payi/core";

export type LangChainKpiName =
  | "tool_calls"
  | "tool_errors"
  | "retriever_latency_ms"
  | "finish_reason_error"
  | "time_to_first_token_ms";

/** As for every adapter, and LangChain's own: `{ tool_errors: true }`, or with a name of yours. */
export type LangChainKpis =
  | Extract<AutoKpiOptions, "all" | false>
  | (Exclude<AutoKpiOptions, "all" | false> & Readonly<Partial<Record<LangChainKpiName, boolean | string>>>);

const NAMES: readonly LangChainKpiName[] = [
  "tool_calls",
  "tool_errors",
  "retriever_latency_ms",
  "finish_reason_error",
  "time_to_first_token_ms",
];

/** Those that an instance records by itself, where its own options ask for them. */
const OF_INSTANCES: ReadonlySet<LangChainKpiName> = new Set([
  "finish_reason_error",
  "time_to_first_token_ms",
]);

/** Counts of one instance; a tool call that two layers tell of is one. */
export class Tally {
  readonly #tools = new Map<string, boolean>();
  #retrieverMs: number | undefined;
  #finishReasonError: boolean | undefined;
  #firstTokenMs: number | undefined;

  /** By the id that the model gave the call, else by the run's. */
  tool(id: string, failed: boolean): void {
    this.#tools.set(id, failed || this.#tools.get(id) === true);
  }

  retriever(latencyMs: number): void {
    this.#retrieverMs = (this.#retrieverMs ?? 0) + latencyMs;
  }

  /** The last answer counts. */
  finish(reasonIsError: boolean): void {
    this.#finishReasonError = reasonIsError;
  }

  /** The first answer that streams counts. */
  firstToken(afterMs: number): void {
    this.#firstTokenMs ??= Math.round(afterMs);
  }

  /**
   * Records what was asked for and is known; a repetition replaces. `isOwn`: the instance was opened with the same `kpis`.
   * Never throws.
   */
  record(instance: Instance, kpis: LangChainKpis | undefined, isOwn: boolean): void {
    const scores: Readonly<Record<LangChainKpiName, boolean | number | undefined>> = {
      tool_calls: this.#tools.size,
      tool_errors: [...this.#tools.values()].filter(Boolean).length,
      retriever_latency_ms: this.#retrieverMs === undefined ? undefined : Math.round(this.#retrieverMs),
      finish_reason_error: this.#finishReasonError,
      time_to_first_token_ms: this.#firstTokenMs,
    };
    if (kpis === undefined || kpis === false) return;
    for (const name of NAMES) {
      if (isOwn && OF_INSTANCES.has(name)) continue;
      const choice = kpis === "all" ? true : kpis[name];
      const score = scores[name];
      if (choice === undefined || choice === false || score === undefined) continue;
      instance.recordKpi(choice === true ? name : choice, score);
    }
  }
}

/** True where one of LangChain's own KPIs is asked for: nothing else needs counts. */
export function wantsTally(kpis: LangChainKpis | undefined): boolean {
  if (kpis === undefined || kpis === false) return false;
  return kpis === "all" || NAMES.some((name) => kpis[name] !== undefined && kpis[name] !== false);
}

const tallies = new WeakMap<Instance, Tally>();

/** The counts of an instance, shared by all that happens in it. */
export function tallyOf(instance: Instance): Tally {
  let tally = tallies.get(instance);
  if (tally === undefined) {
    tally = new Tally();
    tallies.set(instance, tally);
  }
  return tally;
}
