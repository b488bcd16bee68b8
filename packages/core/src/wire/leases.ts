/**
 * Leases: a hold that one process spends locally, with one line for each budget it spends from (additions).
 *
 * | route | body → answer |
 * |---|---|
 * | `POST /leases` | {@link LeaseRequest} with `call` → {@link LeaseAnswer}: opens the lease for a call and those after it |
 * | `PUT /leases/{id}` | {@link LeaseRequest} → {@link LeaseAnswer}: renews, returns, asks for more, decides another call |
 * | `DELETE /leases/{id}` | `{lines}` → `{lease_id, ended}`: everything unspent is free again |
 *
 * **The one rule of money.** A line's balance, which counts as held, is `granted − returned − settled`, all three sums
 * over the line's life. `granted` grows by what the platform adds to the slice, `returned` by what the holder gives back,
 * `settled` by the cost of each **event** that names the lease as its `hold_id`: the event's own transaction moves its
 * cost from held to spent, `min(cost, balance)` of it out of the balance. Nothing else charges, so nothing is charged
 * twice; `spent` in a renewal charges nothing, it is shown. Because all are sums, a repeated or overtaken request does no
 * harm: the platform takes the larger `returned`, the holder the larger `granted` and `settled`.
 *
 * **Growing.** A `call` is admitted as any hold is, over all its limits or over none. Let L = min(max ÷ 100, remaining ÷
 * (4 × open leases of the budget)). Where every limit's L is at least what the call holds there, it is held by the lease
 * (`call.fromLease`): each line's `granted` grows by `hold`, and by what is missing to a balance of L on top. Else the
 * call is held by itself, under its own `hold_id`, and no line grows. A line that says `more` grows to a balance of L
 * without a call. `strict` and `none` limits and windows that end within 2 s grant nothing. After a refusal while others
 * have unspent slices the budget is in `drain`: nobody's slice grows, holders return what they have not spent.
 *
 * **Ending.** A lease lives 10 s after its last renewal, and never beyond the end of a window it has a line in. Afterwards
 * `PUT` answers 404 `lease_not_found` and the holder opens another; its id stays valid in events for ever.
 *
 * Allow limits that have a ladder take part too: they never refuse, and grant what is asked.
 */
import { type Money } from "../money.ts";
import { encodeDecimal, readDecimal } from "./decimals.ts";
import { type BudgetState, decodeBudgetState, encodeBudgetState } from "./held-limit.ts";
import {
  type HoldAnswer,
  type HoldRequest,
  decodeHoldAnswer,
  decodeHoldRequest,
  encodeHoldAnswer,
  encodeHoldRequest,
} from "./holds.ts";
import { type JsonObject, readBoolean, readCount, readObject, readRequiredText, readText } from "./parse.ts";

/** What the holder says of one of its lines. */
export interface LeaseReport {
  readonly limitId: string;
  readonly value: string;
  /** Given back since the line began. */
  readonly returned: Money;
  /** What finished calls cost by the holder's own prices since the line began; shown, not charged. */
  readonly spent: Money;
  /** True: more than half of the slice is used and calls go on. */
  readonly more: boolean;
}

export interface LeaseRequest {
  /** UUID made by the holder; events name it as `hold_id`. */
  readonly leaseId: string;
  /** The lines that changed; of the others nothing is said. Empty when opening. */
  readonly lines: readonly LeaseReport[];
  /** A call to be decided now. Its own `hold_id` names it; once `fromLease`, its event names the lease instead. */
  readonly call?: HoldRequest | undefined;
}

export interface LeaseLine extends BudgetState {
  /** Sum of what was added to the slice. */
  readonly granted: Money;
  /** Sum of what events settled, by the platform's prices. */
  readonly settled: Money;
  /** True: return what is not in use with the next renewal, now. */
  readonly drain: boolean;
}

export interface LeaseAnswer {
  readonly leaseId: string;
  /** Milliseconds from now. 0: no lease was opened, the call was decided by itself. */
  readonly expiresInMs: number;
  /** The lines of the request and those of its call. */
  readonly lines: readonly LeaseLine[];
  /** Where a call was asked about. */
  readonly call?: LeaseCallAnswer | undefined;
}

export interface LeaseCallAnswer extends HoldAnswer {
  /**
   * True: the lines above have room for what `limits[].hold` says; the holder takes it from there. False and admitted:
   * a hold of its own stands under the call's `hold_id`, and the lease is not touched.
   */
  readonly fromLease: boolean;
}

export interface LeaseEnd {
  readonly leaseId: string;
  /** False when the lease had ended before. */
  readonly ended: boolean;
}

export function encodeLeaseRequest(request: LeaseRequest): JsonObject {
  return {
    lease_id: request.leaseId,
    lines: request.lines.map(encodeLeaseReport),
    call: request.call === undefined ? undefined : encodeHoldRequest(request.call),
  };
}

export function encodeLeaseReport(line: LeaseReport): JsonObject {
  return {
    limit_id: line.limitId,
    value: line.value,
    returned: encodeDecimal(line.returned),
    spent: encodeDecimal(line.spent),
    more: line.more,
  };
}

/** @param id the path's, which wins over the body's @throws {WireError} */
export function decodeLeaseRequest(value: unknown, id?: string): LeaseRequest {
  const body = readObject(value ?? {}, "The lease");
  const { call } = body;
  return {
    leaseId: readRequiredText(id ?? body["lease_id"], "lease_id", 128),
    lines: list(body["lines"]).map(decodeLeaseReport),
    call: call === undefined || call === null ? undefined : decodeHoldRequest(call),
  };
}

function decodeLeaseReport(value: unknown): LeaseReport {
  const line = readObject(value, "A line");
  return {
    limitId: readRequiredText(line["limit_id"], "limit_id", 128),
    value: readText(line["value"], "value") ?? "",
    returned: readDecimal(line["returned"], "returned") ?? 0n,
    spent: readDecimal(line["spent"], "spent") ?? 0n,
    more: readBoolean(line["more"], "more") ?? false,
  };
}

export function encodeLeaseAnswer(answer: LeaseAnswer): JsonObject {
  return {
    lease_id: answer.leaseId,
    expires_in_ms: answer.expiresInMs,
    lines: answer.lines.map(encodeLeaseLine),
    call:
      answer.call === undefined
        ? undefined
        : { ...encodeHoldAnswer(answer.call), from_lease: answer.call.fromLease },
  };
}

function encodeLeaseLine(line: LeaseLine): JsonObject {
  return {
    ...encodeBudgetState(line),
    granted: encodeDecimal(line.granted),
    settled: encodeDecimal(line.settled),
    drain: line.drain,
  };
}

/** @throws {WireError} for an answer that no platform of ours gives. */
export function decodeLeaseAnswer(value: unknown): LeaseAnswer {
  const answer = readObject(value, "The answer to a lease");
  const { call } = answer;
  return {
    leaseId: readRequiredText(answer["lease_id"], "lease_id", 128),
    expiresInMs: readCount(answer["expires_in_ms"], "expires_in_ms") ?? 0,
    lines: list(answer["lines"]).map(decodeLeaseLine),
    call:
      call === undefined || call === null
        ? undefined
        : {
            ...decodeHoldAnswer(call),
            fromLease: readBoolean(readObject(call, "call")["from_lease"], "from_lease") ?? false,
          },
  };
}

function decodeLeaseLine(value: unknown): LeaseLine {
  const line = readObject(value, "A line");
  return {
    ...decodeBudgetState(line),
    granted: readDecimal(line["granted"], "granted") ?? 0n,
    settled: readDecimal(line["settled"], "settled") ?? 0n,
    drain: readBoolean(line["drain"], "drain") ?? false,
  };
}

export function encodeLeaseEnd(end: LeaseEnd): JsonObject {
  return { lease_id: end.leaseId, ended: end.ended };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
