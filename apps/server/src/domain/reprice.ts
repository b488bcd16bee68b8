/* oxlint-disable no-await-in-loop -- chunk after chunk: each starts where the one before ended */
import { WireError } from "@payi/core/wire";

import { type StoredEvent } from "../store/event.ts";
import { type NewRepriceJob, type RepriceJob, type RepriceScope, type Repriced } from "../store/reprice.ts";
import { type Store } from "../store/store.ts";
import { type EventCost, costOf, noPriceWarning } from "./event-cost.ts";
import { type Prices } from "./prices.ts";
import { type Pricing } from "./pricing.ts";
import { type RepriceReport, RepriceSums } from "./reprice-report.ts";

/** Small enough that ingest gets in between. */
const CHUNK = 500;

/** Where events and prices come from. */
export interface RepriceContext {
  readonly store: Store;
  readonly prices: Prices;
}

/** What a re-pricing would change, with the prices of now; changes nothing. */
export async function previewReprice(
  { store, prices }: RepriceContext,
  application: string,
  scope: RepriceScope,
): Promise<{ readonly book: string; readonly report: RepriceReport }> {
  const pricing = await prices.refresh();
  const sums = new RepriceSums();
  let after: RepriceJob["after"] | undefined = null;
  while (after !== undefined) {
    const page = await readChunk(store, application, scope, after);
    for (const event of page.items) compare(event, pricing, sums);
    after = page.next;
  }
  return { book: pricing.book.version, report: sums.report(Date.now()) };
}

/** Writes down that events are to be priced again, by the book that is in force now, whatever becomes active meanwhile. */
export async function createReprice(
  { store, prices }: RepriceContext,
  wanted: Omit<NewRepriceJob, "book">,
): Promise<RepriceJob> {
  const { book } = await prices.refresh();
  return store.createRepriceJob({ ...wanted, book: book.version });
}

/**
 * Prices recorded events again, each by the job's book at the event's own time, and appends the differences. Goes on
 * where the job stands, to its end or until `stop`. Doing it twice changes nothing.
 */
export async function continueReprice(
  { store, prices }: RepriceContext,
  job: RepriceJob,
  stop?: AbortSignal,
): Promise<RepriceReport> {
  const pricing = await prices.pinned(job.book);
  const sums = RepriceSums.from(job.report);
  let before = job.after;
  let finished = false;
  while (!finished) {
    if (stop?.aborted === true) break;
    const page = await readChunk(store, job.application, job.scope, before);
    const repriced = page.items.flatMap((event) => compare(event, pricing, sums) ?? []);
    const last = page.items.at(-1);
    const after = last === undefined ? before : { order: last.timeMs, id: last.id };
    finished = page.next === undefined;
    const { application, id: jobId } = job;
    const progress = { application, jobId, before, after, report: sums.text(), finished };
    await store.applyReprice(progress, repriced);
    before = after;
  }
  return sums.report(job.createdMs);
}

function readChunk(
  store: Store,
  application: string,
  scope: RepriceScope,
  after: RepriceJob["after"],
): ReturnType<Store["events"]> {
  const { fromMs, toMs, category, resource, useCase } = scope;
  return store.events(
    { application, fromMs, toMs, filter: { category, resource, useCase } },
    { limit: CHUNK, ascending: true, after: after ?? undefined },
  );
}

/** The new figure where there is one; a price that is gone does not take a cost away, and a voided cost stays 0. */
function compare(event: StoredEvent, pricing: Pricing, sums: RepriceSums): Repriced | undefined {
  if (event.voidedMs !== undefined) return undefined;
  const next = costAgain(event, pricing);
  sums.examine(event, next);
  if (next.cost === null) return undefined;
  const same = event.cost?.total === next.cost.total && event.cost.input === next.cost.input;
  if (same && event.pricingStatus === next.status) return undefined;
  sums.change(event, next.cost.total);
  const outdated = noPriceWarning(event, event.pricingStatus);
  return {
    eventId: event.id,
    status: next.status,
    cost: next.cost,
    lines: next.lines,
    unknownUnits: next.unknownUnits,
    resourceId: next.resourceId,
    book: next.book,
    warnings: [...new Set([...event.warnings.filter((warning) => warning !== outdated), ...next.warnings])],
  };
}

function costAgain(event: StoredEvent, pricing: Pricing): EventCost {
  try {
    return costOf(event, pricing);
  } catch (error) {
    // Too much for one event: it keeps what it has.
    if (!WireError.is(error)) throw error;
    const { pricingStatus: status, costLines: lines, unknownUnits, resourceId, book, warnings } = event;
    return { status, cost: null, lines, unknownUnits, resourceId, book, warnings, known: true };
  }
}
