import { type WriteVerb } from "./operation.ts";

/** The writes after which something new may stand in the stream. */
export const TELLING: ReadonlySet<string> = new Set<WriteVerb | "record">([
  "ingest",
  "record",
  "upsertEvents",
  "recordScore",
  "incrementScore",
  "recordScores",
]);
