import { type Program, get, run } from "./program.ts";

/** Writes down who changed what of the prices; it stands in the same transaction as the change. */
export function* audit(entry: {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
}): Program<void> {
  yield* run(
    "INSERT INTO price_audit (time_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
    Date.now(),
    entry.actor,
    entry.action,
    entry.subject,
    JSON.stringify(entry.detail),
  );
}

/** Rises with every change of prices; 0 in a new store. */
export function* pricingSeq(): Program<number> {
  return Number((yield* get("SELECT coalesce(max(seq), 0) AS seq FROM price_audit"))?.["seq"]);
}
