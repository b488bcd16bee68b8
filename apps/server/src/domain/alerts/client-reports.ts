import { isObject } from "@payi/core/wire";

import { type ClientReport } from "../../store/alert.ts";

/** The SDK's account of its own losses, with every bulk of events. */
export const REPORT_HEADER = "x-payi-client-report";

const MOST_LEDGERS = 1000;
const MOST_REASONS = 32;
const REASON = /^[a-z_]{1,40}$/;

/**
 * Holds what SDKs told last until somebody writes it down. They tell totals, so what is not understood or forgotten here
 * changes nothing: the next report has it again.
 */
export class ClientReports {
  #told = new Map<string, Map<string, ClientReport>>();

  /** Never throws: a strange report is none. */
  hear(application: string, header: string | readonly string[] | undefined): void {
    if (typeof header !== "string") return;
    const known = this.#told.get(application) ?? new Map<string, ClientReport>();
    this.#told.set(application, known);
    for (const report of readReports(header)) {
      if (known.size < MOST_LEDGERS || known.has(report.ledger)) known.set(report.ledger, report);
    }
  }

  /** What was told since the last time, by application. */
  take(): ReadonlyMap<string, readonly ClientReport[]> {
    const told = this.#told;
    this.#told = new Map();
    return new Map([...told].map(([application, reports]) => [application, [...reports.values()]]));
  }
}

function readReports(header: string): readonly ClientReport[] {
  let told: unknown;
  try {
    told = JSON.parse(header);
  } catch {
    return [];
  }
  return Array.isArray(told) ? told.flatMap(readReport) : [];
}

function readReport(told: unknown): readonly ClientReport[] {
  if (!isObject(told)) return [];
  const { id, produced, delivered, dropped } = told;
  if (typeof id !== "string" || id === "" || id.length > 128) return [];
  if (!isTotal(produced) || !isTotal(delivered) || !isObject(dropped)) return [];
  const reasons = Object.entries(dropped)
    .filter((entry): entry is [string, number] => REASON.test(entry[0]) && isTotal(entry[1]))
    .slice(0, MOST_REASONS);
  return [{ ledger: id, produced, delivered, dropped: Object.fromEntries(reasons) }];
}

function isTotal(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
