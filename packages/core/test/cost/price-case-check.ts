/** Reads the sums of worked examples with its own arithmetic, independent of the engine's. */
import { type PriceRequest } from "../../src/cost/engine.ts";
import { type UnitCount } from "../../src/usage.ts";
import { type PriceCase } from "./vectors/price-case.ts";

const LINE = /^(\S+)\.(input|output|other) ([\d.]+) × ([\d.]+)((?: × [\d.]+)*) \/ (\d+) = ([\d.]+)$/;

/** One line of a sum. Amounts are whole 1e-18 dollars. */
interface SumLine {
  readonly unit: string;
  readonly bucket: "input" | "output" | "other";
  readonly count: number;
  readonly stated: bigint;
  readonly computed: bigint;
}

/** A case's sum: its lines and what they add up to. */
export interface Sum {
  readonly lines: readonly SumLine[];
  readonly input: bigint;
  readonly output: bigint;
  readonly other: bigint;
}

/** Reads and recomputes every line. Throws for a line that is not of the form. */
export function readSum(example: PriceCase): Sum {
  const lines = example.lines.map(readLine);
  const total = (bucket: SumLine["bucket"]): bigint =>
    lines.reduce((sum, line) => (line.bucket === bucket ? sum + line.stated : sum), 0n);
  return { lines, input: total("input"), output: total("output"), other: total("other") };
}

/** The call that a case describes. */
export function requestOf(example: PriceCase): PriceRequest {
  const units: Record<string, UnitCount> = {};
  if (example.units === undefined) {
    for (const { unit, bucket, count } of readSum(example).lines) {
      const before = units[unit] ?? { input: 0, output: 0 };
      const direction = bucket === "input" || unit.startsWith("guardrail_") ? "input" : "output";
      units[unit] = { ...before, [direction]: before[direction] + count };
    }
  }
  for (const [unit, [input, output]] of Object.entries(example.units ?? {})) units[unit] = { input, output };
  return {
    category: example.category,
    resource: example.resource,
    timeMs: Date.parse(example.at),
    units,
    scope: example.scope,
    facts: {
      serviceTier: example.tier,
      speed: example.speed,
      inferenceGeo: example.geo,
      dataResidency: example.residency,
    },
  };
}

function readLine(text: string): SumLine {
  const match = LINE.exec(text);
  if (match === null) throw new Error(`Not a line of a sum: ${text}`);
  const [, unit = "", bucket = "", count = "", usd = "", factors = "", per = "", stated = ""] = match;
  let numerator = 10n ** 18n;
  let divisor = BigInt(per);
  for (const factor of [count, usd, ...factors.split(" × ").filter((part) => part !== "")]) {
    const [whole = "", fraction = ""] = factor.split(".");
    numerator *= BigInt(whole + fraction);
    divisor *= 10n ** BigInt(fraction.length);
  }
  const [whole = "", fraction = ""] = stated.split(".");
  return {
    unit,
    bucket: bucket as SumLine["bucket"],
    count: Number(count),
    stated: BigInt(whole + fraction.padEnd(18, "0")),
    computed: nearestEven(numerator, divisor),
  };
}

function nearestEven(numerator: bigint, divisor: bigint): bigint {
  const floor = numerator / divisor;
  const rest = (numerator - floor * divisor) * 2n;
  const up = rest > divisor || (rest === divisor && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}
