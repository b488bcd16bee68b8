/**
 * What the SDK tells the platform about its own losses: the figures of each ledger since its process started, in the
 * header `x-payi-client-report` of every bulk. They are totals, so that a report that was lost changes nothing.
 */
import { type Counters } from "../stats.ts";

export const REPORT_HEADER = "x-payi-client-report";

/** More ledgers than this wait for the next batch: a header must stay small. */
const MAX_LEDGERS = 16;

export interface ClientReport {
  readonly header: string;
  /** The platform has it. */
  confirm(): void;
}

/** `[{ id, produced, delivered, dropped: { <reason>: count }, pending }]`: this process first, then those it took over. */
export function makeReport(ledgers: readonly Counters[]): ClientReport {
  const told = ledgers.slice(0, MAX_LEDGERS).map((ledger) => ({ ledger, drops: ledger.droppedTotal }));
  const figures = told.map(({ ledger }) => ({ id: ledger.id, ...ledger.tally(), pending: ledger.pending }));
  return {
    header: JSON.stringify(figures),
    confirm() {
      for (const { ledger, drops } of told) ledger.reportedDrops = Math.max(ledger.reportedDrops, drops);
    },
  };
}
