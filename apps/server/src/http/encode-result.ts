import { fromPico } from "@payi/core/cost";
import { type XproxyResult } from "@payi/core/wire";

import { type StoredEvent } from "../store/event.ts";
import { encodeUnknownUnits } from "./encode-unknown-units.ts";

/** `xproxy_result` of a recorded event: the same at first, at every repeat, and when it is asked for later. */
export function toXproxyResult(event: StoredEvent, repeat?: { readonly differs: boolean }): XproxyResult {
  const blocked = Object.keys(event.limits).filter((id) => event.limits[id]?.state === "blocked");
  const differs =
    repeat?.differs === true
      ? ["This id was ingested before with other content; the first record stands and nothing was charged."]
      : [];
  return {
    requestId: event.id,
    cost:
      event.cost === null
        ? undefined
        : {
            status: event.pricingStatus,
            book: event.book,
            input: fromPico(event.cost.input),
            output: fromPico(event.cost.output),
            total: fromPico(event.cost.total),
            overrun: event.overrun === null ? undefined : fromPico(event.overrun),
            lines: event.costLines,
          },
    limits: event.limits,
    blockedLimitIds: blocked,
    resourceId: event.resourceId ?? undefined,
    useCaseName: event.useCase ?? undefined,
    useCaseId: event.instance ?? undefined,
    useCaseStep: event.step ?? undefined,
    userId: event.user ?? undefined,
    accountName: event.account ?? undefined,
    requestTags: event.requestTags,
    unknownUnits: encodeUnknownUnits(event.unknownUnits),
    duplicateRequest: repeat === undefined ? undefined : true,
    warnings: [...event.warnings, ...differs],
  };
}
