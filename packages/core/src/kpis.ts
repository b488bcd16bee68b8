/** The KPIs that every instance can record by itself. */
import { type KpiType } from "./wire/use-cases.ts";

/** Which automatic KPIs an instance records when it ends. */
export type AutoKpiName =
  | "success"
  | "latency_ms"
  | "http_status"
  | "aborted"
  | "llm_calls"
  | "tool_calls"
  | "tool_errors"
  | "finish_reason_error"
  | "time_to_first_token_ms";

/** `"all"`, none (`false`), or a choice with names of your own: `{ success: "resolved", latency_ms: true }`. */
export type AutoKpiOptions = "all" | false | Readonly<Partial<Record<AutoKpiName, boolean | string>>>;

/** A KPI as it is created on first use: scores may come before anybody has defined the KPI. */
export interface KpiDefinition {
  readonly kpiType: KpiType;
  readonly goal: number;
  readonly description: string;
}

const AUTO_KPIS: Readonly<Record<AutoKpiName, KpiDefinition>> = {
  success: { kpiType: "boolean", goal: 1, description: "The instance ended without a failure" },
  latency_ms: { kpiType: "number", goal: 0, description: "Milliseconds from start to end of the instance" },
  http_status: { kpiType: "number", goal: 200, description: "HTTP status the application answered with" },
  aborted: { kpiType: "boolean", goal: 0, description: "The client left before the answer was complete" },
  llm_calls: { kpiType: "number", goal: 0, description: "Provider calls made by the instance" },
  tool_calls: { kpiType: "number", goal: 0, description: "Tools that the models called" },
  tool_errors: { kpiType: "number", goal: 0, description: "Tools that failed" },
  finish_reason_error: {
    kpiType: "boolean",
    goal: 0,
    description: "The last answer was cut off, filtered or refused by the provider",
  },
  time_to_first_token_ms: {
    kpiType: "number",
    goal: 0,
    description: "Milliseconds from the start of the instance to the first part of a streamed answer",
  },
};

export const AUTO_KPI_NAMES = Object.keys(AUTO_KPIS) as readonly AutoKpiName[];

const DEFAULT_KPIS: readonly AutoKpiName[] = ["success", "latency_ms"];
const DEFAULT_CHOICE = DEFAULT_KPIS.map((kpi) => ({ kpi, name: kpi }));

/** Those that a layer inside somebody else's instance hears of. */
const OF_LAYERS: ReadonlySet<AutoKpiName> = new Set([
  "tool_calls",
  "tool_errors",
  "finish_reason_error",
  "time_to_first_token_ms",
]);

/** An automatic KPI that is switched on, and the name it is recorded under. */
export interface ChosenKpi {
  readonly kpi: AutoKpiName;
  readonly name: string;
}

/** What a layer that was told `options` adds to an instance that others opened: of its own KPIs those it was asked for. */
export function chooseLayerKpis(options: AutoKpiOptions | undefined): readonly ChosenKpi[] {
  return chooseAutoKpis(options).filter(({ kpi }) => OF_LAYERS.has(kpi));
}

/** The automatic KPIs that are switched on. */
export function chooseAutoKpis(options: AutoKpiOptions | undefined): readonly ChosenKpi[] {
  if (options === false) return [];
  if (options === undefined) return DEFAULT_CHOICE;
  if (options === "all") return AUTO_KPI_NAMES.map((kpi) => ({ kpi, name: kpi }));
  return AUTO_KPI_NAMES.flatMap((kpi) => {
    const choice = options[kpi] ?? DEFAULT_KPIS.includes(kpi);
    return choice === false ? [] : [{ kpi, name: choice === true ? kpi : choice }];
  });
}

/** How an instance ended: an HTTP status of the application's own answer, or a word. */
export type InstanceOutcome = number | "ok" | "error" | "aborted";

/** What an instance knows of itself at its end. */
export interface EndedInstance {
  readonly outcome: InstanceOutcome;
  /** True where the application said so. */
  readonly failed: boolean;
  readonly latencyMs: number;
  /** Provider calls. */
  readonly calls: number;
  /** Tool calls by their ids, and whether each has failed; undefined where nobody counted them. */
  readonly tools: ReadonlyMap<string, boolean> | undefined;
  /** Undefined where no answer told why it ended. */
  readonly finishIsError: boolean | undefined;
  readonly firstTokenMs: number | undefined;
}

/** The scores of those KPIs of which something is known; each name once. */
export function scoreAutoKpis(
  chosen: readonly ChosenKpi[],
  { outcome, failed, latencyMs, calls, tools, finishIsError, firstTokenMs }: EndedInstance,
): readonly { readonly name: string; readonly score: boolean | number }[] {
  const status = typeof outcome === "number" ? outcome : undefined;
  const scores: Readonly<Record<AutoKpiName, boolean | number | undefined>> = {
    success: !failed && (status === undefined ? outcome === "ok" : status < 400),
    latency_ms: Math.round(latencyMs),
    http_status: status ?? (outcome === "aborted" ? 499 : undefined),
    aborted: outcome === "aborted",
    llm_calls: calls,
    tool_calls: tools?.size,
    tool_errors: tools && [...tools.values()].filter(Boolean).length,
    finish_reason_error: finishIsError,
    time_to_first_token_ms: firstTokenMs === undefined ? undefined : Math.round(firstTokenMs),
  };
  const told: { name: string; score: boolean | number }[] = [];
  for (const { kpi, name } of chosen) {
    const score = scores[kpi];
    if (score !== undefined && !told.some((one) => one.name === name)) told.push({ name, score });
  }
  return told;
}

/** The automatic KPIs that are switched on, as they are created. */
export function defineAutoKpis(
  options: AutoKpiOptions | undefined,
): readonly (KpiDefinition & { readonly name: string })[] {
  return chooseAutoKpis(options).map(({ kpi, name }) => Object.assign({ name }, AUTO_KPIS[kpi]));
}

/** What to create when a score is the first of its KPI: boolean for booleans, number for the rest. */
export function defineKpi(name: string, score: boolean | number): KpiDefinition {
  const automatic = AUTO_KPIS[name as AutoKpiName] as KpiDefinition | undefined;
  if (automatic !== undefined && (automatic.kpiType === "boolean") === (typeof score === "boolean"))
    return automatic;
  return typeof score === "boolean"
    ? { kpiType: "boolean", goal: 1, description: name }
    : { kpiType: "number", goal: 0, description: name };
}
