/** The KPIs that every instance can record by itself. */
import { type KpiType } from "./wire/use-cases.ts";

/** Which automatic KPIs an instance records when it ends. */
export type AutoKpiName =
  | "success"
  | "latency_ms"
  | "http_status"
  | "aborted"
  | "llm_calls"
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

const DEFAULT_KPIS: readonly AutoKpiName[] = ["success", "latency_ms"];
const DEFAULT_CHOICE = DEFAULT_KPIS.map((kpi) => ({ kpi, name: kpi }));

/** The automatic KPIs that are switched on, with the name each is recorded under. */
export function chooseAutoKpis(
  options: AutoKpiOptions | undefined,
): readonly { readonly kpi: AutoKpiName; readonly name: string }[] {
  if (options === false) return [];
  if (options === undefined) return DEFAULT_CHOICE;
  const all = Object.keys(AUTO_KPIS) as AutoKpiName[];
  if (options === "all") return all.map((kpi) => ({ kpi, name: kpi }));
  return all.flatMap((kpi) => {
    const choice = options[kpi] ?? DEFAULT_KPIS.includes(kpi);
    return choice === false ? [] : [{ kpi, name: choice === true ? kpi : choice }];
  });
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
