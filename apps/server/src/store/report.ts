import { type ReportDefinition } from "@payi/core/wire";

/** A report to save. */
export interface NewReport {
  readonly application: string;
  readonly name: string;
  readonly definition: ReportDefinition;
}

/** A saved report. */
export interface StoredReport {
  readonly id: string;
  readonly name: string;
  readonly definition: ReportDefinition;
  readonly createdMs: number;
  readonly updatedMs: number;
}
