/** The one KPI that is LangChain's own: what retrievers take. */
import { type AutoKpiOptions, type Instance } from "@payi/core";

export const RETRIEVER = "retriever_latency_ms";

/** As for every adapter, and LangChain's own: `{ retriever_latency_ms: true }`, or with a name of yours. */
export type LangChainKpis =
  | Extract<AutoKpiOptions, "all" | false>
  | (Exclude<AutoKpiOptions, "all" | false> & { readonly [RETRIEVER]?: boolean | string | undefined });

/** Milliseconds so far, by instance. */
const totals = new WeakMap<Instance, number>();

/** A retriever of the instance has ended. Records the sum, where it was asked for; a later one replaces it. */
export function recordRetriever(
  instance: Instance | undefined,
  latencyMs: number,
  kpis: LangChainKpis | undefined,
): void {
  if (instance === undefined) return;
  const choice = kpis === "all" ? true : kpis !== undefined && kpis !== false && kpis[RETRIEVER];
  if (choice === false || choice === undefined) return;
  const total = (totals.get(instance) ?? 0) + latencyMs;
  totals.set(instance, total);
  instance.recordKpi(choice === true ? RETRIEVER : choice, Math.round(total));
}
