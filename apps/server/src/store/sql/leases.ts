import { type LeaseAnswer, type LeaseCallAnswer } from "@payi/core/wire";

import { type NewLease } from "../hold.ts";
import { type Hold, lineKey } from "./batch-holds.ts";
import { HoldDesk, clock } from "./hold-desk.ts";
import { repeated, unknownHold, writeAnswer } from "./holds.ts";
import { growFor, hasSlices, linesOf, openLease, renew, report } from "./lease-desk.ts";
import { type Program } from "./program.ts";

/**
 * Opens or renews a lease: takes back what its holder returns, adds what it asks for, decides its call.
 *
 * @throws {WireError} `lease_not_found` where it is not open and not to be opened.
 */
export function* lease(asked: NewLease): Program<LeaseAnswer> {
  const { application, request, opening } = asked;
  const { leaseId, call } = request;
  const desk = new HoldDesk(asked.nowMs ?? (yield* clock()));
  yield* desk.holds.load(
    [leaseId, ...(call === undefined ? [] : [call.holdId])].map((id) => [application, id] as const),
  );
  const calls = call === undefined ? [] : [{ application, request: call, dearest: asked.dearest }];
  yield* desk.open(calls);
  yield* desk.holds.expire(application, desk.nowMs);
  let known = yield* openLease(desk, application, leaseId);
  if (known === undefined && !opening) throw unknownHold(leaseId, undefined, "lease");
  if (known !== undefined) for (const said of request.lines) yield* report(desk, known, said);
  let answer: LeaseCallAnswer | undefined;
  if (call !== undefined) {
    const decided = yield* decideCall(desk, asked, known);
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
  { application, request, hash, dearest }: NewLease,
  known: Hold | undefined,
): Program<{ readonly answer: LeaseCallAnswer | undefined; readonly lease: Hold | undefined }> {
  const { call, leaseId } = request;
  if (call === undefined) return { answer: undefined, lease: known };
  const first = yield* desk.holds.find(application, call.holdId);
  if (first !== undefined) {
    return { answer: { ...repeated(first, hash, desk.nowMs), fromLease: false }, lease: known };
  }
  const wantedCall = yield* desk.want({ application, request: call, dearest });
  const refusing = desk.refusing(wantedCall);
  if (refusing.length > 0) {
    return {
      answer: { ...(yield* desk.refuse(wantedCall, refusing, known)), fromLease: false },
      lease: known,
    };
  }
  if (!(yield* hasSlices(desk, wantedCall))) {
    const answer = desk.admit(application, wantedCall, hash);
    const made = yield* desk.holds.find(application, call.holdId);
    if (made !== undefined) made.answer = writeAnswer(answer);
    return { answer: { ...answer, fromLease: false }, lease: known };
  }
  const name = { application, id: leaseId, kind: "lease", request: "", expiresMs: 0 } as const;
  const grown = known ?? desk.holds.open(name);
  yield* growFor(desk, grown, wantedCall.wanted);
  const expiresInMs = yield* renew(desk, grown);
  return { answer: { ...desk.noteAdmitted(wantedCall, expiresInMs), fromLease: true }, lease: grown };
}
