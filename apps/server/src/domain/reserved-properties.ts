/**
 * Facts about a call that travel as request properties, because Pay-i's event has no field for them. They become
 * columns and leave the bag, so that the bag holds only what the application set.
 */
import { type Properties } from "@payi/core/wire";

import { type Outcome, type UsageSource } from "../store/usage.ts";

const OUTCOMES: readonly string[] = [
  "ok",
  "error",
  "aborted",
  "abandoned",
  "timeout",
  "refused",
] satisfies readonly Outcome[];
const USAGE_SOURCES: readonly string[] = [
  "provider",
  "partial",
  "estimated",
  "unknown",
] satisfies readonly UsageSource[];

const RESERVED: ReadonlySet<string> = new Set([
  "system.service_tier",
  "system.speed",
  "system.inference_geo",
  "system.data_residency",
  "system.usage_source",
  "system.outcome",
  "system.attempt",
  "system.call_id",
  "system.refused_by",
  "system.parent_use_case_id",
  "system.seeded",
  "system.failure",
  "system.failure.description",
  "system.user_id",
  "system.account_name",
  "system.use_case_step",
]);

/** What was said in reserved properties, and the bag without them. */
export interface LiftedFacts {
  readonly serviceTier: string | null;
  readonly speed: string | null;
  readonly inferenceGeo: string | null;
  readonly dataResidency: string | null;
  readonly usageSource: UsageSource | null;
  readonly outcome: Outcome | null;
  readonly attempt: number | null;
  readonly callId: string | null;
  readonly refusedBy: readonly string[];
  readonly parentInstance: string | null;
  readonly seeded: boolean;
  readonly failure: string | null;
  readonly failureDescription: string | null;
  readonly user: string | null;
  readonly account: string | null;
  readonly step: string | null;
  /** The rest; the bag has no prototype, so any name is data. */
  readonly properties: Readonly<Record<string, string>>;
}

const NOTHING_SAID: Omit<LiftedFacts, "properties"> = {
  serviceTier: null,
  speed: null,
  inferenceGeo: null,
  dataResidency: null,
  usageSource: null,
  outcome: null,
  attempt: null,
  callId: null,
  refusedBy: [],
  parentInstance: null,
  seeded: false,
  failure: null,
  failureDescription: null,
  user: null,
  account: null,
  step: null,
};

/** A value that is none of its kind is left out, as if it had not been sent. */
export function liftFacts(properties: Properties | undefined): LiftedFacts {
  const given: Properties = properties ?? {};
  const rest = Object.create(null) as Record<string, string>;
  let isPlain = true;
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (RESERVED.has(name)) isPlain = false;
    else if (typeof value === "string") rest[name] = value;
  }
  if (isPlain) return { ...NOTHING_SAID, properties: rest };
  const read = (name: string): string | null => given[`system.${name}`] ?? null;
  const outcome = read("outcome");
  const usageSource = read("usage_source");
  const attempt = Number(read("attempt") ?? Number.NaN);
  return {
    serviceTier: read("service_tier"),
    speed: read("speed"),
    inferenceGeo: read("inference_geo"),
    dataResidency: read("data_residency"),
    usageSource:
      usageSource !== null && USAGE_SOURCES.includes(usageSource) ? (usageSource as UsageSource) : null,
    outcome: outcome !== null && OUTCOMES.includes(outcome) ? (outcome as Outcome) : null,
    attempt: Number.isInteger(attempt) && attempt >= 0 ? attempt : null,
    callId: read("call_id"),
    refusedBy: (read("refused_by") ?? "")
      .split(",")
      .map((id) => id.trim())
      .filter((id) => id !== ""),
    parentInstance: read("parent_use_case_id"),
    seeded: read("seeded") === "true",
    failure: read("failure"),
    failureDescription: read("failure.description"),
    user: read("user_id"),
    account: read("account_name"),
    step: read("use_case_step"),
    properties: rest,
  };
}
