/** What the pages about price books speak in. */
import { type Amount } from "./amounts.ts";

export interface PriceBook {
  /** The hash of all its prices; stands on every cost. */
  readonly id: string;
  readonly name: string;
  readonly isBuiltIn: boolean;
  /** In force now. */
  readonly active: boolean;
  /** ISO 8601 UTC. */
  readonly created: string;
  readonly createdBy: string;
  /** Oldest first; empty for a candidate, which has never been in force. */
  readonly activations: readonly { readonly time: string; readonly by: string }[];
}

/** An address that is looked at for price books. */
export interface PriceFeed {
  readonly url: string;
  /** ISO 8601 UTC; `null` before the first look. */
  readonly checked: string | null;
  readonly succeeded: string | null;
  /** Why the last look failed. */
  readonly error: string | null;
  /** The candidate that it holds. */
  readonly book: string | null;
  /** Gates that this candidate does not pass. */
  readonly shutGates: readonly string[];
}

/** One condition of an activation. */
export interface Gate {
  readonly name: string;
  readonly passed: boolean;
  /** Opens when somebody who has seen the reasons approves. */
  readonly approvable: boolean;
  readonly reasons: readonly string[];
}

/** What the last day's calls of a resource would have cost, where it differs. */
export interface ReplayedResource {
  readonly category: string;
  readonly resource: string | null;
  readonly requests: number;
  readonly before: Amount;
  readonly after: Amount;
  readonly difference: Amount;
  /** Calls that had no cost so far. */
  readonly newlyPriced: number;
  /** Calls that would lose their price. */
  readonly lost: number;
}

/** A book against the one in force. */
export interface BookComparison {
  readonly gates: readonly Gate[];
  /** Calls of the last day that were priced by both. */
  readonly replayed: number;
  /** There were more calls than are priced by both; the newest were taken. */
  readonly isCapped: boolean;
  readonly resources: readonly ReplayedResource[];
}

export interface PriceBookDetail extends PriceBook {
  readonly layers: readonly { readonly name: string; readonly hash: string; readonly rows: number }[];
  /** `null` for the book in force, which there is nothing to compare with. */
  readonly comparison: BookComparison | null;
}

/** What the gates are called, and what each asks. */
export const GATE_NAMES: Readonly<Record<string, string>> = {
  schema: "Its shape is that of a price book",
  sources: "Every price names its source",
  removed_or_free: "No price is removed or becomes free",
  change_over_3x: "No price changes more than threefold",
  past: "No price of the past changes",
  replay: "No call of the last day loses its price",
};

export type Activation = "allowed" | "approvable" | "refused";

/** Whether a book may go in force: what was in force before always may, so that a bad change can be undone. */
export function activationOf(book: PriceBookDetail): Activation {
  if (book.activations.length > 0) return "allowed";
  const shut = book.comparison?.gates.filter(({ passed }) => !passed) ?? [];
  if (shut.length === 0) return "allowed";
  return shut.every(({ approvable }) => approvable) ? "approvable" : "refused";
}
