/** Changes of limits with their entries in the audit log. What is charged to limits is no change of them. */
import { formatMoney } from "@payi/core/cost";

import {
  type LimitChange,
  type LimitDefinition,
  type LimitRaise,
  type LimitReset,
  type LimitTopUp,
  type NewLimit,
  type StoredLimit,
} from "../limit.ts";
import { type Created } from "../store.ts";
import { recordChange } from "./audit.ts";
import { COMMAND_LINE, audited } from "./audited.ts";
import * as resets from "./limit-reset.ts";
import { findDefinition } from "./limit-rows.ts";
import * as windows from "./limit-windows.ts";
import * as limits from "./limits.ts";
import { type Program } from "./program.ts";

/** The limit, and its entry where it is new. */
export function* createLimit(wanted: NewLimit, actor: string = COMMAND_LINE): Program<Created<StoredLimit>> {
  const made = yield* limits.createLimit(wanted);
  if (made.created) {
    yield* recordChange({
      application: wanted.application,
      actor,
      action: "limit.created",
      subject: made.value.id,
      before: null,
      after: told(made.value),
    });
  }
  return made;
}

export function changeLimit(change: LimitChange, actor?: string): Program<StoredLimit> {
  return changed(change, actor, "limit.changed", () => limits.changeLimit(change));
}

export function changeLimitProperties(
  application: string,
  id: string,
  properties: Readonly<Record<string, string | null>>,
  actor?: string,
): Program<StoredLimit> {
  return changed({ application, id }, actor, "limit.changed", () =>
    limits.changeLimitProperties(application, id, properties),
  );
}

export function deleteLimit(application: string, id: string, actor?: string): Program<void> {
  return changed({ application, id }, actor, "limit.deleted", () => limits.deleteLimit(application, id));
}

export function resetLimit(
  application: string,
  id: string,
  resetMs: number,
  actor?: string,
): Program<LimitReset> {
  return changed({ application, id }, actor, "limit.reset", () =>
    resets.resetLimit(application, id, resetMs),
  );
}

export function raiseLimit(
  application: string,
  id: string,
  raise: LimitRaise,
  actor: string,
): Program<StoredLimit> {
  return changed({ application, id }, actor, "limit.raised", () =>
    windows.raiseLimit(application, id, raise),
  );
}

/** More room in one window changes no definition, so the entry is the top-up itself. */
export function* topUpLimit(topUp: LimitTopUp): Program<StoredLimit> {
  const { application, id, actor, amount, value, reason } = topUp;
  const topped = yield* windows.topUpLimit(topUp);
  yield* recordChange({
    application,
    actor,
    action: "limit.topped_up",
    subject: id,
    before: null,
    after: { amount: formatMoney(amount), value, reason },
  });
  return topped;
}

function changed<Ended>(
  { application, id }: { readonly application: string; readonly id: string },
  actor: string | undefined,
  action: string,
  work: () => Program<Ended>,
): Program<Ended> {
  return audited({ application, actor, action, subject: id }, () => look(application, id), work);
}

function* look(application: string, id: string): Program<unknown> {
  const found = yield* findDefinition(application, id);
  return found && told(found);
}

function told({ name, max, threshold, limitType, properties, policy, raise, resetMs }: LimitDefinition) {
  return {
    name,
    max: formatMoney(max),
    limit_type: limitType,
    threshold,
    properties,
    policy,
    raise: raise && {
      max: formatMoney(raise.max),
      until: new Date(raise.untilMs).toISOString(),
      author: raise.author,
      reason: raise.reason,
    },
    reset: resetMs === 0 ? null : new Date(resetMs).toISOString(),
  };
}
