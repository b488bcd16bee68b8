/** The routes of holds and leases, and of the definitions behind them (additions). */
import { ApiError } from "../errors.ts";
import { type Money } from "../money.ts";
import { type GuardDefinitions, decodeGuardDefinitions } from "../wire/guard.ts";
import {
  type HoldAnswer,
  type HoldEnd,
  type HoldRequest,
  decodeHoldAnswer,
  decodeHoldEnd,
  encodeHoldRequest,
  encodeHoldSettlement,
} from "../wire/holds.ts";
import {
  type LeaseAnswer,
  type LeaseReport,
  type LeaseRequest,
  decodeLeaseAnswer,
  encodeLeaseReport,
  encodeLeaseRequest,
} from "../wire/leases.ts";
import { isObject } from "../wire/parse.ts";
import { type ApiRequest, segment } from "./request.ts";

type Caller = (call: ApiRequest) => Promise<unknown>;

export interface HoldMethods {
  /** Block limits with or without a ladder, as far as an SDK needs them; undefined while `version` is in force. */
  definitions(version?: string): Promise<GuardDefinitions | undefined>;
  /** Holds over all limits of a call, or over none: look at `admitted`. Repeatable with the same `holdId`. */
  create(hold: HoldRequest): Promise<HoldAnswer>;
  /** The call still runs. Rejects with 404 `hold_not_found` once the hold has ended. */
  renew(holdId: string, ttlMs: number): Promise<void>;
  /** Charges without an event; where an event names the hold, that charges. Undefined: the cost is unknown. */
  settle(holdId: string, actual: Money | undefined): Promise<HoldEnd>;
  /** The call was not made, or cost nothing. */
  release(holdId: string): Promise<HoldEnd>;
}

export interface LeaseMethods {
  open(lease: LeaseRequest): Promise<LeaseAnswer>;
  /** Rejects with 404 `lease_not_found` once the lease has ended. */
  renew(lease: LeaseRequest): Promise<LeaseAnswer>;
  /** Everything that is not spent is free again. */
  end(leaseId: string, lines?: readonly LeaseReport[]): Promise<void>;
}

export function holdMethods(call: Caller): HoldMethods {
  return {
    definitions: async (version) => {
      try {
        const headers: Record<string, string> =
          version === undefined ? {} : { "if-none-match": `"${version}"` };
        const answer = await call({ method: "GET", path: "/guard", headers });
        // A page of some proxy on the way says nothing about limits.
        if (!isObject(answer)) throw new ApiError(502, "invalid_answer", NO_DEFINITIONS);
        return decodeGuardDefinitions(answer);
      } catch (error) {
        if (error instanceof ApiError && error.status === 304) return undefined;
        throw error;
      }
    },
    create: async (hold) =>
      decodeHoldAnswer(await call({ method: "POST", path: "/holds", body: encodeHoldRequest(hold) })),
    renew: async (holdId, ttlMs) => {
      await call({ method: "PUT", path: `/holds/${segment(holdId)}`, body: { ttl_ms: ttlMs } });
    },
    settle: async (holdId, actual) =>
      decodeHoldEnd(
        await call({
          method: "POST",
          path: `/holds/${segment(holdId)}/settle`,
          body: encodeHoldSettlement(actual),
        }),
      ),
    release: async (holdId) =>
      decodeHoldEnd(await call({ method: "DELETE", path: `/holds/${segment(holdId)}` })),
  };
}

const NO_DEFINITIONS =
  "GET /guard was answered with something that no platform says. Check PAYI_BASE_URL and the proxies on the way.";

export function leaseMethods(call: Caller): LeaseMethods {
  return {
    open: async (lease) =>
      decodeLeaseAnswer(await call({ method: "POST", path: "/leases", body: encodeLeaseRequest(lease) })),
    renew: async (lease) =>
      decodeLeaseAnswer(
        await call({
          method: "PUT",
          path: `/leases/${segment(lease.leaseId)}`,
          body: encodeLeaseRequest(lease),
        }),
      ),
    end: async (leaseId, lines = []) => {
      const body = { lines: lines.map(encodeLeaseReport) };
      await call({ method: "DELETE", path: `/leases/${segment(leaseId)}`, body });
    },
  };
}
