import { type LeaseAnswer, type LeaseCallAnswer, WireError } from "@payi/core/wire";

import { type NewLease } from "../hold.ts";
import { type Hold } from "./batch-holds.ts";
import { HoldDesk, clock } from "./hold-desk.ts";
import { lineKey } from "./hold-lines.ts";
import { repeated, unknownHold } from "./holds.ts";
import { growFor, hasSlices, linesOf, openLease, renew, report } from "./lease-desk.ts";
import { type Program } from "./program.ts";
import { type WantedCall } from "./wanted-calls.ts";

/**
 * Opens or renews a lease: takes back what its holder returns, adds what it asks for, decides its call.
 *
 * @throws {WireError} `lease_not_found` where it is not open and not to be opened, `idempotency_mismatch` where the id is
 * that of a hold.
 */
export function* lease(asked: NewLease): Program<LeaseAnswer> {
  const { application, request, opening } = asked;
  const { leaseId, call } = request;
  const desk = new HoldDesk(asked.nowMs ?? (yield* clock()));
  yield* desk.holds.load(
    [leaseId, ...(call === undefined ? [] : [call.holdId])].map((id) => [application, id] as const),
  );
  const { hash, dearest } = asked;
  const [wanted] = yield* desk.open(
    call === undefined ? [] : [{ application, request: call, hash, dearest }],
  );
  if (wanted === undefined) yield* desk.holds.expire(application, desk.nowMs);
  if (desk.holds.known(application, leaseId)?.kind === "call") throw notALease(leaseId);
  let known = yield* openLease(desk, application, leaseId);
  if (known === undefined && !opening) throw unknownHold(leaseId, undefined, "lease");
  if (known !== undefined) for (const said of request.lines) yield* report(desk, known, said);
  let answer: LeaseCallAnswer | undefined;
  if (wanted !== undefined) {
    const decided = yield* decideCall(desk, leaseId, wanted, known);
    answer = decided.answer;
    known = decided.lease;
  }
  const expiresInMs = known === undefined ? 0 : yield* renew(desk, known);
  const told = new Set(
    [...request.lines, ...(answer?.limits ?? [])].map(({ limitId, value }) => lineKey(limitId, value)),
  );
  const lines = known === undefined ? [] : yield* linesOf(desk, known, told);
  yield* desk.flush();
  return { leaseId, expiresInMs, lines, call: answer };
}

/** All budgets of the call have a slice, and the lease holds it; or it is held by itself; or nothing is. */
function* decideCall(
  desk: HoldDesk,
  leaseId: string,
  call: WantedCall,
  known: Hold | undefined,
): Program<{ readonly answer: LeaseCallAnswer; readonly lease: Hold | undefined }> {
  const { application, request, hash } = call.asked;
  const first = desk.holds.known(application, request.holdId);
  if (first !== undefined) {
    return { answer: { ...repeated(first, hash, desk.nowMs), fromLease: false }, lease: known };
  }
  const refusing = desk.refusing(call);
  if (refusing.length > 0) {
    return { answer: { ...desk.refuse(call, refusing, known), fromLease: false }, lease: known };
  }
  if (!hasSlices(desk, call)) return { answer: { ...desk.admit(call), fromLease: false }, lease: known };
  const name = { application, id: leaseId, kind: "lease", request: "", expiresMs: 0 } as const;
  const grown = known ?? desk.holds.open(name);
  growFor(desk, grown, call.wanted);
  const expiresInMs = yield* renew(desk, grown);
  return { answer: { ...desk.noteAdmitted(call, expiresInMs), fromLease: true }, lease: grown };
}

function notALease(id: string): WireError {
  return new WireError(
    "idempotency_mismatch",
    `lease_id ${JSON.stringify(id)} is the id of a hold. Use a new UUID for a lease.`,
  );
}
