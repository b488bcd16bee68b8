import { type Connection } from "./connection.ts";

/** Writes down who changed what of the prices; it stands in the same transaction as the change. */
export function audit(
  connection: Connection,
  entry: {
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly detail: unknown;
  },
): void {
  connection.run(
    "INSERT INTO price_audit (time_ms, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)",
    Date.now(),
    entry.actor,
    entry.action,
    entry.subject,
    JSON.stringify(entry.detail),
  );
}

/** Rises with every change of prices; 0 in a new store. */
export function pricingSeq(connection: Connection): number {
  return Number(connection.get("SELECT ifnull(max(seq), 0) AS seq FROM price_audit")?.["seq"]);
}
