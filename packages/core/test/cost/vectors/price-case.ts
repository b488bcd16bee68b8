/** Worked examples: a call, the sum as pencil and page give it, and where the page is. */
import { type PricingStatus } from "../../../src/cost/engine.ts";

/**
 * One worked example. A line reads `unit.direction count × usd [× factor …] / per = amount`; the counts of the call
 * are those of its lines, unless `units` says otherwise.
 */
export interface PriceCase {
  readonly name: string;
  readonly category: string;
  readonly resource: string;
  /** When the provider served the call, ISO 8601. */
  readonly at: string;
  readonly scope?: string;
  readonly tier?: string;
  readonly speed?: string;
  readonly geo?: string;
  readonly residency?: string;
  /** `priced` unless told. */
  readonly status?: PricingStatus;
  /** Unit → input and output counts, where they are not those of the lines. */
  readonly units?: Readonly<Record<string, readonly [input: number, output: number]>>;
  readonly lines: readonly string[];
  /** The page the prices are from. */
  readonly source: string;
}

type Details = Partial<Omit<PriceCase, "name" | "resource" | "lines">>;

type MakeCase = (name: string, resource: string, details: Details, lines: readonly string[]) => PriceCase;
type Common = Pick<PriceCase, "category" | "at" | "source">;

/** Makes cases that share a category, a day and a page. */
export function casesOf(common: Common): MakeCase {
  return (name, resource, details, lines) => ({ ...common, ...details, name, resource, lines });
}

/** The cases of one day, where a file has several days. */
export function on(common: Common, write: (at: MakeCase) => readonly PriceCase[]): readonly PriceCase[] {
  return write(casesOf(common));
}
