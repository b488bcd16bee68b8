import { type StoredInstance } from "../../store/use-case.ts";
import { type Equation, type Metric, parseEquation } from "./equation.ts";
import { type Facts, evaluate } from "./evaluate.ts";
import { type Rational, parseRational, rational, roundTo } from "./rational.ts";

const PICO = 10n ** 12n;

/** A policy that has been read. */
export interface ValueEquations {
  readonly money: Equation | null;
  readonly time: Equation | null;
}

/** What one instance was worth, in 1e-12 of a dollar and of a minute; null is unknown, or not asked for. */
export interface InstanceValue {
  readonly money: bigint | null;
  readonly time: bigint | null;
  /** What was missing, each once. */
  readonly unknown: readonly string[];
}

/** @throws {WireError} `invalid_value_policy`. */
export function readEquations(policy: {
  readonly money?: string | null | undefined;
  readonly time?: string | null | undefined;
}): ValueEquations {
  return {
    money: policy.money == null ? null : parseEquation(policy.money),
    time: policy.time == null ? null : parseEquation(policy.time),
  };
}

/** What an instance was worth by `equations`. */
export function valueOf(equations: ValueEquations, instance: StoredInstance): InstanceValue {
  const facts = factsOf(instance);
  const unknown = new Set<string>();
  const amount = (equation: Equation | null): bigint | null => {
    if (equation === null) return null;
    const found = evaluate(equation, facts);
    if ("value" in found) return roundTo(found.value, PICO);
    unknown.add(found.unknown);
    return null;
  };
  return { money: amount(equations.money), time: amount(equations.time), unknown: [...unknown] };
}

/**
 * What is known of an instance. A cost is known where that of every request is, a latency where every request told one;
 * both are sums over its requests. An instance without requests has no duration yet.
 */
export function factsOf(instance: StoredInstance): Facts {
  const { sums, startedMs, lastSeenMs, scores } = instance;
  const metrics: Partial<Record<Metric, Rational>> = {
    requests: whole(sums.requests),
    errors: whole(sums.errors),
    tokens_input: whole(sums.tokensInput),
    tokens_output: whole(sums.tokensOutput),
  };
  if (sums.unpriced === 0) {
    metrics.cost = rational(sums.cost, PICO);
    metrics.cost_input = rational(sums.costInput, PICO);
    metrics.cost_output = rational(sums.cost - sums.costInput, PICO);
  }
  if (sums.latencyCount === sums.requests) metrics.latency_ms = whole(sums.latencySum);
  if (sums.requests > 0) metrics.duration_ms = whole(lastSeenMs - startedMs);
  return {
    metrics,
    kpis: new Map(scores.map(({ kpi, score }) => [kpi, parseRational(String(score))])),
  };
}

function whole(value: number): Rational {
  return rational(BigInt(value));
}
