/**
 * Decides about calls before they are made. Everything is read once for the whole batch, calls are decided in memory in
 * the order in which they came, and few statements write the result: whatever fits is admitted, however large the call
 * before it was.
 */
import { fromPico } from "@payi/core/cost";
import { type HeldLimit, type HoldAnswer } from "@payi/core/wire";

import { type NewHold } from "../hold.ts";
import { BatchHolds, type Hold } from "./batch-holds.ts";
import { type BatchWindow } from "./batch-windows.ts";
import { writeAnswer } from "./hold-answer.ts";
import { lineKey } from "./hold-lines.ts";
import { LimitLookup } from "./limit-lookup.ts";
import { LimitNotices } from "./limit-notices.ts";
import { type Program, dialect, get } from "./program.ts";
import { type Wanted, type WantedCall, WantedCalls } from "./wanted-calls.ts";

const DEFAULT_TTL_MS = 60_000;
/** Holders renew once a second, so all of them hear of it in this time. */
const DRAIN_MS = 2_000;

export class HoldDesk {
  readonly lookup: LimitLookup = new LimitLookup();
  readonly holds: BatchHolds = new BatchHolds(this.lookup.windows);
  readonly notices: LimitNotices = new LimitNotices();
  readonly nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** Reads what calls want, in their order, and ends what has expired. */
  *open(asked: readonly NewHold[]): Program<readonly WantedCall[]> {
    for (const application of new Set(asked.map((one) => one.application))) {
      yield* this.holds.expire(application, this.nowMs);
    }
    return yield* new WantedCalls(this.lookup, this.nowMs).read(asked);
  }

  /** The budgets that say no. */
  refusing({ wanted }: WantedCall): readonly Wanted[] {
    return wanted.filter(({ limit, budget, max, amount, isUnpriced }) => {
      if (limit.limitType === "allow") return false;
      return isUnpriced || fromPico(budget.used + budget.held + (amount ?? 0n)) > max;
    });
  }

  /** Holds the call under its own id, over all its budgets. */
  admit(call: WantedCall): HoldAnswer {
    const { application, request, hash } = call.asked;
    const { holdId, ttlMs = DEFAULT_TTL_MS } = request;
    const expiresMs = this.nowMs + ttlMs;
    const hold = this.holds.open({ application, id: holdId, kind: "call", request: hash, expiresMs });
    for (const { budget, amount } of call.wanted) this.holds.grow(hold, budget.window, amount ?? 0n);
    const answer = this.noteAdmitted(call, ttlMs);
    hold.answer = writeAnswer(answer);
    return answer;
  }

  /** The answer to an admitted call. Call it when everything is held. */
  noteAdmitted({ asked, wanted, unknownLimitIds }: WantedCall, expiresInMs: number): HoldAnswer {
    const { holdId } = asked.request;
    for (const { limit, budget, max, amount } of wanted) {
      this.lookup.noteOpened(limit, budget.span);
      if (amount === undefined) {
        this.notices.note("limit_unpriced", limit, budget, max, { holdId });
      }
    }
    return {
      holdId,
      admitted: true,
      expiresInMs,
      limits: wanted.map((one) => toHeldLimit(one, one.amount)),
      refusedBy: [],
      unknownLimitIds,
    };
  }

  /** The answer to a refused call: slices that others have not spent are called back. */
  refuse(call: WantedCall, refusing: readonly Wanted[], except?: Hold): HoldAnswer {
    const { wanted, unknownLimitIds } = call;
    const { holdId } = call.asked.request;
    for (const { limit, budget, max } of refusing) {
      const { window } = budget;
      this.notices.note("limit_blocked", limit, budget, max, { holdId });
      const isDraining = window.drainsUntilMs - this.nowMs > DRAIN_MS / 2;
      if (!isDraining && isLeased(window, except)) window.drainsUntilMs = this.nowMs + DRAIN_MS;
    }
    return {
      holdId,
      admitted: false,
      expiresInMs: undefined,
      limits: wanted.map((one) => toHeldLimit(one, undefined)),
      refusedBy: refusing.map(({ limit }) => limit.id),
      unknownLimitIds,
    };
  }

  /** Writes everything that was decided. */
  *flush(): Program<void> {
    yield* this.lookup.flush();
    yield* this.holds.flush();
    yield* this.notices.flush();
  }
}

/** The clock that decides about holds: one for all processes on a store. */
export function* clock(): Program<number> {
  const engine = yield* dialect();
  return Number((yield* get(`SELECT ${engine.clock} AS now`))?.["now"]);
}

/** A budget as it stands, with what a call holds there. */
function toHeldLimit({ limit, budget, max, typical }: Wanted, hold: bigint | undefined): HeldLimit {
  const { fromMs, restartMs } = budget.span;
  return {
    limitId: limit.id,
    value: budget.window.value,
    limitName: limit.name,
    limitType: limit.limitType,
    automatic: limit.automatic,
    max,
    spent: fromPico(budget.used),
    held: fromPico(budget.held),
    windowStartMs: fromMs === 0 ? undefined : fromMs,
    windowEndMs: restartMs,
    hold: hold === undefined ? undefined : fromPico(hold),
    typical: typical === undefined ? undefined : fromPico(typical),
  };
}

/** Whether others have slices here that they may not have spent. */
function isLeased({ limitId, value, leases }: BatchWindow, except: Hold | undefined): boolean {
  const own = except?.lines.has(lineKey(limitId, value)) === true ? 1 : 0;
  return leases > own;
}
