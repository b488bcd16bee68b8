import { WireError } from "@payi/core/wire";

import { toStoredEvent } from "../decided.ts";
import { type IngestOutcome, type NewEvent, type StoredEvent } from "../event.ts";
import { negateSums } from "../sums.ts";
import { attribution } from "./batch-instance.ts";
import { BatchInstances } from "./batch-instances.ts";
import { BatchLimits } from "./batch-limits.ts";
import { EVENT, eventValues } from "./event-row.ts";
import { replaceText } from "./event-text.ts";
import { event as findEvent } from "./events.ts";
import { type Program, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import { appendRevision, revisedOverrun } from "./revise.ts";
import { RollupChanges, sumsOf } from "./rollups.ts";
import { ingestAndNotice } from "./unpriced-notice.ts";

const REPLACE = `UPDATE event SET ${EVENT.columns.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`;

type Recorded = Exclude<IngestOutcome, { readonly error: unknown }>;

/** What two reports of one call may differ in and still be the same: how the same cost was told. */
const TOLD = new Set(["book", "cost_lines", "warnings"]);

/**
 * Records new events, and replaces those whose id is known: row, totals and text become those of the new report, under
 * the old request id, and the difference in cost goes to the ledger and to the limits that were charged. The same report
 * again changes nothing.
 */
export function* upsertEvents(batch: readonly NewEvent[]): Program<readonly IngestOutcome[]> {
  const outcomes = [...(yield* ingestAndNotice(batch))];
  for (const [index, next] of batch.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined || "error" in outcome || !outcome.duplicate) continue;
    try {
      outcomes[index] = yield* replace(outcome, next);
    } catch (error) {
      if (!WireError.is(error)) throw error;
      outcomes[index] = { error: { code: error.code, message: error.message } };
    }
  }
  return outcomes;
}

/** Everything that may refuse the report comes before anything that changes. */
function* replace(first: Recorded, given: NewEvent): Program<IngestOutcome> {
  const { application } = given;
  const { id } = first.event;
  const event = yield* findEvent({ application, id });
  // Retention has removed it; its totals stand, and there is nothing to replace.
  if (event === undefined) return first;
  if (event.voidedMs !== undefined) {
    throw new WireError(
      "request_voided",
      `Request ${id} was voided, so its record stands. Send the call under another provider_response_id.`,
    );
  }
  // An instance that the platform named stays: the report would get a new one each time.
  const unnamed = given.instance === null && given.useCase !== null && given.useCase === event.useCase;
  const next = unnamed ? { ...given, instance: event.instance } : given;
  const limits = new BatchLimits();
  const instances = new BatchInstances(limits.lookup);
  yield* instances.load([next]);
  const place = instances.find(next);
  const instance = place === null ? null : instances.place(next, place, []);
  const decided = attribution(next, instance);
  const stays = decided.useCase === event.useCase && decided.instance === event.instance;
  const changed = toStoredEvent(
    {
      ...next,
      id,
      receivedMs: event.receivedMs,
      warnings: [...next.warnings, ...limitWarnings(event, next)],
    },
    {
      ...decided,
      useCaseProperties: stays
        ? mergeProperties(event.useCaseProperties, next.instanceProperties)
        : decided.useCaseProperties,
      limits: event.limits,
      overrun: revisedOverrun(event, next.cost),
    },
  );
  if (isSame(event, changed)) return { event, duplicate: true, differs: false };
  yield* limits.flushMade();
  yield* instances.flush();
  yield* limits.flush();
  yield* appendRevision(event, changed, "upsert");
  yield* run(REPLACE, ...eventValues(changed), id);
  yield* replaceText(changed, next.text);
  const changes = new RollupChanges();
  changes.add(event, negateSums(sumsOf(event)));
  changes.add(changed, sumsOf(changed));
  yield* changes.flush();
  return { event: changed, duplicate: false, differs: false, replaced: true };
}

function limitWarnings(event: StoredEvent, next: NewEvent): readonly string[] {
  const others = (next.limitIds ?? []).filter((id) => !Object.hasOwn(event.limits, id));
  if (others.length === 0) return [];
  return [
    `limit_ids ${others.join(", ")}: a record stays charged to the limits that its first report named.`,
  ];
}

function isSame(event: StoredEvent, changed: StoredEvent): boolean {
  const before = eventValues(event);
  const after = eventValues(changed);
  return EVENT.columns.every((name, index) => TOLD.has(name) || before[index] === after[index]);
}
