import { hash } from "node:crypto";

import { type Money, formatMoney } from "@payi/core/cost";
import { type HoldRequest, type LeaseRequest, WireError, encodeHoldRequest } from "@payi/core/wire";

import { type NewHold, type NewLease } from "../store/hold.ts";
import { canonicalCategory } from "./categories.ts";
import { dearestCost } from "./dearest-cost.ts";
import { legalName } from "./ingest.ts";
import { type Prices } from "./prices.ts";

/** Far above any budget; what is held for many such calls still adds up in a column. */
const MOST: Money = 10n ** 30n;

/** Who asks. */
export interface HoldCaller {
  readonly prices: Prices;
  readonly application: string;
}

/** A call as the store decides about it. */
export async function toNewHold(caller: HoldCaller, given: HoldRequest): Promise<NewHold> {
  const request = normalized(given);
  checkAmounts(request);
  const { application } = caller;
  return { application, request, hash: hashOf(request), dearest: await dearestOf(caller, request) };
}

/** A lease, with its call as {@link toNewHold} has it. */
export async function toNewLease(
  caller: HoldCaller,
  given: LeaseRequest,
  opening: boolean,
): Promise<NewLease> {
  const { application } = caller;
  const asked = given.call === undefined ? undefined : await toNewHold(caller, given.call);
  const request = { ...given, call: asked?.request };
  return { application, request, opening, hash: asked?.hash ?? "", dearest: asked?.dearest };
}

/** Names as the event of the call will have them. */
function normalized(request: HoldRequest): HoldRequest {
  const { context } = request;
  const useCaseName = legalName(context.useCaseName).useCase ?? undefined;
  const category = canonicalCategory(context.category);
  return { ...request, context: { ...context, category, useCaseName } };
}

function checkAmounts({ estimate }: HoldRequest): void {
  for (const [field, amount] of [
    ["estimate.upper_bound", estimate.upperBound],
    ["estimate.worst_case", estimate.worstCase],
    ["estimate.expected", estimate.expected],
  ] as const) {
    if (amount === undefined || amount <= MOST) continue;
    throw new WireError(
      "request_processing_error",
      `${field} is ${formatMoney(amount)} USD; at most ${formatMoney(MOST)} can be held for one call. Check its units.`,
    );
  }
}

/** The cost at the dearest rates of the category, where the price is not known but the size is. */
async function dearestOf(
  { prices }: HoldCaller,
  { context, estimate }: HoldRequest,
): Promise<Money | undefined> {
  const { upperBound, worstCase, inputTokens, outputTokens } = estimate;
  if ((upperBound ?? worstCase) !== undefined || inputTokens === undefined || outputTokens === undefined) {
    return undefined;
  }
  const { book } = await prices.current();
  return dearestCost(book, context.category, { input: inputTokens, output: outputTokens }, Date.now());
}

function hashOf(request: HoldRequest): string {
  return hash("sha256", JSON.stringify(encodeHoldRequest(request)));
}
