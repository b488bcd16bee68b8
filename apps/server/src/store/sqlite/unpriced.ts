import { type CostRevision, type UnpricedUsage } from "../reprice.ts";
import { count, json, pico, text } from "./columns.ts";
import { type Connection } from "./connection.ts";

/** Usage that no price covers, or not wholly, most calls first. */
export function unpricedUsage(
  connection: Connection,
  application: string,
  fromMs: number,
  toMs: number,
): readonly UnpricedUsage[] {
  const rows = connection.all(
    `SELECT category, resource, provider_uri, pricing_status, count(*) AS calls,
       CAST(sum(tokens_input) AS TEXT) AS tokens_input, CAST(sum(tokens_output) AS TEXT) AS tokens_output,
       min(time_ms) AS first, max(time_ms) AS last,
       (SELECT json_group_array(DISTINCT unit.key) FROM event AS other, json_each(other.unknown_units) AS unit
        WHERE other.application = event.application AND other.category = event.category
          AND other.resource IS event.resource AND other.pricing_status <> 'priced'
          AND other.pricing_status = event.pricing_status) AS units
     FROM event WHERE application = ? AND pricing_status <> 'priced' AND time_ms >= ? AND time_ms < ?
     GROUP BY category, resource, provider_uri, pricing_status`,
    application,
    fromMs,
    toMs,
  );
  // Addresses differ by path; what tells providers apart is the host.
  const byHost = new Map<string, UnpricedUsage>();
  for (const row of rows) {
    const usage: UnpricedUsage = {
      category: String(row["category"]),
      resource: text(row["resource"]),
      host: hostOf(text(row["provider_uri"])),
      status: String(row["pricing_status"]) as UnpricedUsage["status"],
      calls: count(row["calls"]),
      tokensInput: count(row["tokens_input"]),
      tokensOutput: count(row["tokens_output"]),
      firstMs: count(row["first"]),
      lastMs: count(row["last"]),
      units: json<readonly string[]>(row["units"]).toSorted(),
    };
    const key = JSON.stringify([usage.category, usage.resource, usage.host, usage.status]);
    const known = byHost.get(key);
    byHost.set(key, known === undefined ? usage : together(known, usage));
  }
  return [...byHost.values()].toSorted((left, right) => right.calls - left.calls);
}

/** Requests without a known cost, by application; those without any count 0. */
export function unpricedTotals(
  connection: Connection,
): readonly { readonly application: string; readonly calls: number }[] {
  return connection
    .all(
      `SELECT id, (SELECT count(*) FROM event WHERE event.application = application.id
         AND pricing_status <> 'priced' AND cost_total IS NULL) AS calls FROM application ORDER BY id`,
    )
    .map((row) => ({ application: String(row["id"]), calls: count(row["calls"]) }));
}

/** Every figure that an event had, oldest first. */
export function costRevisions(connection: Connection, eventId: string): readonly CostRevision[] {
  const found = connection.all(
    `SELECT revision, CAST(delta_total AS TEXT) AS delta, book, reason, created_ms FROM cost_revision
     WHERE event_id = ?1
     UNION ALL SELECT revision, NULL, book, reason, created_ms FROM cost_basis WHERE event_id = ?1
       AND NOT EXISTS (SELECT 1 FROM cost_revision WHERE cost_revision.event_id = cost_basis.event_id
         AND cost_revision.revision = cost_basis.revision)
     ORDER BY revision`,
    eventId,
  );
  let amount: bigint | null = null;
  return found.map((row): CostRevision => {
    const delta = pico(row["delta"]);
    if (delta !== null) amount = (amount ?? 0n) + delta;
    return {
      revision: Number(row["revision"]),
      amount,
      book: String(row["book"]),
      reason: String(row["reason"]),
      timeMs: Number(row["created_ms"]),
    };
  });
}

function together(left: UnpricedUsage, right: UnpricedUsage): UnpricedUsage {
  return {
    ...left,
    calls: left.calls + right.calls,
    tokensInput: left.tokensInput + right.tokensInput,
    tokensOutput: left.tokensOutput + right.tokensOutput,
    firstMs: Math.min(left.firstMs, right.firstMs),
    lastMs: Math.max(left.lastMs, right.lastMs),
  };
}

function hostOf(uri: string | null): string | null {
  if (uri === null) return null;
  return URL.canParse(uri) ? new URL(uri).host : uri;
}
