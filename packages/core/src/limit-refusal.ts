/** What a limit said, and how it is found again behind the answer that an SDK made an error of. */

/** What a limit said when it refused a call. Amounts are exact decimal text in USD. */
export interface LimitRefusal {
  readonly limitIds: readonly string[];
  readonly limitName?: string | undefined;
  readonly scope?: string | undefined;
  readonly spent?: string | undefined;
  readonly held?: string | undefined;
  readonly max?: string | undefined;
  readonly resetsAt?: Date | undefined;
  readonly useCaseName?: string | undefined;
  readonly instanceId?: string | undefined;
  /** Why: see {@link RefusalReason}. Left out: `limit`. */
  readonly reason?: RefusalReason | undefined;
}

/**
 * `limit`: there was no room. `ladder`: a step of the limit's ladder blocks. `unpriced`: nobody knows the call's price,
 * and the limit refuses such calls. `unreachable`: the platform could not be asked, and the limit says no then.
 */
export type RefusalReason = "limit" | "ladder" | "unpriced" | "unreachable";

/** Leads from the answer that stood in for the provider's to what the limit said. */
export const REFUSAL_HEADER = "x-payi-refusal-id";

const REFUSALS = Symbol.for("payi.refusals");
const MOST_REFUSALS = 1_000;
const holder = globalThis as { [REFUSALS]?: Map<string, LimitRefusal> };

/**
 * Keeps what a limit said, under an id that provider SDKs carry along in headers or message. The latest 1,000 of the
 * process, across copies of this package.
 */
export function rememberRefusal(refusal: LimitRefusal): string {
  const refusals = (holder[REFUSALS] ??= new Map());
  const id = crypto.randomUUID();
  refusals.set(id, refusal);
  for (const oldest of refusals.keys()) {
    if (refusals.size <= MOST_REFUSALS) break;
    refusals.delete(oldest);
  }
  return id;
}

/** How the id stands in a body, so that it is found in text as well. */
export function refusalMark(id: string): string {
  return `payi_refusal_${id}`;
}

/** The refusal whose id stands in one of the places where SDKs keep parts of an answer; undefined when none does. */
export function recallRefusal(places: readonly unknown[]): LimitRefusal | undefined {
  for (const place of places) {
    if (typeof place !== "string") continue;
    const id = /payi_refusal_([0-9a-f-]{36})/.exec(place)?.[1] ?? place;
    const refusal = holder[REFUSALS]?.get(id);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
