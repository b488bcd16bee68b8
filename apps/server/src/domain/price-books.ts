/** What may be done with a stored price book: hold it against the one in force, put it in force. */
import { type PriceBook } from "@payi/core/cost";

import { type StoredPriceBook } from "../store/price.ts";
import { type Store } from "../store/store.ts";
import { type GateReport, checkGates, passGates } from "./price-gates.ts";
import { type Prices } from "./prices.ts";

interface Context {
  readonly store: Store;
  readonly prices: Prices;
}

/**
 * What a book would change, also for the last day of these applications; by default of all. Undefined for the active
 * one, which has nothing to be compared with.
 */
export async function compareWithActive(
  { store, prices }: Context,
  stored: StoredPriceBook,
  book: PriceBook,
  applications?: readonly string[],
): Promise<GateReport | undefined> {
  const active = (await store.pricing(-1))?.activeBook;
  if (active === undefined || active.id === stored.id) return undefined;
  const replayed = applications ?? (await openApplications(store));
  return checkGates(store, replayed, await prices.book(active), book, Date.now());
}

/** A book that is in force now, and what its gates said. */
export interface Activation {
  readonly book: StoredPriceBook;
  readonly rollback: boolean;
  readonly report: GateReport | undefined;
}

/**
 * Puts a book in force in one step.
 *
 * @throws {WireError} `price_book_gate_failed` where a gate stays shut; `price_book_changed` where another was quicker.
 */
export async function activateBook(
  context: Context,
  stored: StoredPriceBook,
  given: { readonly actor: string; readonly approve: boolean },
): Promise<Activation> {
  const { store, prices } = context;
  const { actor, approve } = given;
  const active = (await store.pricing(-1))?.activeBook;
  const report = await compareWithActive(context, stored, await prices.book(stored));
  // What was in force before has passed; going back must not need what went wrong to be right.
  const rollback = stored.activations.length > 0;
  if (report !== undefined && !rollback) passGates(report, approve);
  const detail = { before: active?.id ?? null, rollback, approved: approve, gates: report?.gates ?? [] };
  const book = await store.activatePriceBook(stored.id, active?.id, actor, detail);
  await prices.refresh();
  return { book, rollback, report };
}

/** A book holds for all of them, so all of them are looked at. */
async function openApplications(store: Store): Promise<readonly string[]> {
  return (await store.applications()).filter((one) => one.archivedMs === null).map(({ id }) => id);
}
