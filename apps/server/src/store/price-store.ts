import {
  type CustomResourceName,
  type NewCustomResource,
  type NewDbuPrice,
  type NewPriceBook,
  type PricingData,
  type ResourceMapping,
  type StoredCustomResource,
  type StoredDbuPrice,
  type StoredLayer,
  type StoredPriceBook,
} from "./price.ts";
import { type Page, type PageRequest } from "./query.ts";
import {
  type CostRevision,
  type NewRepriceJob,
  type RepriceJob,
  type RepriceProgress,
  type Repriced,
  type UnpricedUsage,
} from "./reprice.ts";
import { type Created } from "./store.ts";

/** The verbs of prices: what decides them, and pricing the past again. */
export interface PriceStore {
  /** What decides prices, in one consistent look; undefined when nothing changed since `seq` (-1: look anyway). */
  pricing(seq: number): Promise<PricingData | undefined>;
  createCustomResource(wanted: NewCustomResource, actor: string): Promise<Created<StoredCustomResource>>;
  /** Ends versions and tells them; costs stay as they are. */
  deleteCustomResources(name: CustomResourceName, actor: string): Promise<readonly StoredCustomResource[]>;
  setDbuPrice(wanted: NewDbuPrice, actor: string): Promise<StoredDbuPrice>;
  mapResource(mapping: ResourceMapping, actor: string): Promise<void>;
  addPriceBook(book: NewPriceBook, actor: string): Promise<Created<StoredPriceBook>>;
  priceBook(id: string): Promise<StoredPriceBook | undefined>;
  priceBooks(page: PageRequest): Promise<Page<StoredPriceBook>>;
  priceLayers(hashes: readonly string[]): Promise<readonly StoredLayer[]>;
  /** Atomic; `expected` is the active book that was compared with. */
  activatePriceBook(
    id: string,
    expected: string | undefined,
    actor: string,
    detail: unknown,
  ): Promise<StoredPriceBook>;

  unpricedUsage(application: string, fromMs: number, toMs: number): Promise<readonly UnpricedUsage[]>;
  /** Requests without a known cost, by application. */
  unpricedTotals(): Promise<readonly { readonly application: string; readonly calls: number }[]>;
  /** Every figure that a repriced event had, oldest first; empty for one that never had a price. */
  costRevisions(eventId: string): Promise<readonly CostRevision[]>;
  createRepriceJob(job: NewRepriceJob): Promise<RepriceJob>;
  repriceJob(application: string, id: string): Promise<RepriceJob | undefined>;
  repriceJobs(application: string, page: PageRequest): Promise<Page<RepriceJob>>;
  unfinishedRepriceJobs(): Promise<readonly RepriceJob[]>;
  /** Appends the differences of one chunk to ledger, totals and limits, with its progress. */
  applyReprice(progress: RepriceProgress, repriced: readonly Repriced[]): Promise<void>;
}
