import { type CostRevision, type UnpricedUsage } from "../reprice.ts";
import { count, pico, text } from "./columns.ts";
import { type Program, type Row, all, dialect } from "./program.ts";

/** Usage that no price covers, or not wholly, most calls first. */
export function* unpricedUsage(
  application: string,
  fromMs: number,
  toMs: number,
): Program<readonly UnpricedUsage[]> {
  const engine = yield* dialect();
  const where = "application = ? AND pricing_status <> 'priced' AND time_ms >= ? AND time_ms < ?";
  const rows = yield* all(
    `SELECT category, resource, provider_uri, pricing_status, count(*) AS calls,
       CAST(sum(tokens_input) AS TEXT) AS tokens_input, CAST(sum(tokens_output) AS TEXT) AS tokens_output,
       min(time_ms) AS first, max(time_ms) AS last
     FROM event WHERE ${where} GROUP BY category, resource, provider_uri, pricing_status`,
    application,
    fromMs,
    toMs,
  );
  const unknown = yield* all(
    `SELECT DISTINCT category, resource, provider_uri, pricing_status, unit.key AS unit
     FROM event, ${engine.keys("event.unknown_units", "unit")} WHERE ${where}`,
    application,
    fromMs,
    toMs,
  );
  const units = new Map<string, Set<string>>();
  for (const row of unknown) {
    const known = units.get(placeOf(row)) ?? new Set();
    units.set(placeOf(row), known.add(String(row["unit"])));
  }
  const noticed = new Map(
    (yield* all(
      `SELECT category, resource, max(created_ms) AS noticed FROM unpriced_notice
       WHERE application = ? GROUP BY category, resource`,
      application,
    )).map((row) => [JSON.stringify([row["category"], row["resource"]]), count(row["noticed"])]),
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
      noticedMs: noticed.get(JSON.stringify([row["category"], row["resource"] ?? ""])) ?? null,
      units: [...(units.get(placeOf(row)) ?? [])].toSorted(),
    };
    const key = placeOf(row);
    const known = byHost.get(key);
    byHost.set(key, known === undefined ? usage : together(known, usage));
  }
  return [...byHost]
    .toSorted(
      ([leftKey, left], [rightKey, right]) => right.calls - left.calls || (leftKey < rightKey ? -1 : 1),
    )
    .map(([, usage]) => usage);
}

/** Requests without a known cost, by application; those without any count 0. */
export function* unpricedTotals(): Program<
  readonly { readonly application: string; readonly calls: number }[]
> {
  return (yield* all(
    `SELECT id, (SELECT count(*) FROM event WHERE event.application = application.id
         AND pricing_status <> 'priced' AND cost_total IS NULL) AS calls FROM application ORDER BY id`,
  )).map((row) => ({ application: String(row["id"]), calls: count(row["calls"]) }));
}

/** Every figure that an event had, oldest first. */
export function* costRevisions(eventId: string): Program<readonly CostRevision[]> {
  const found = yield* all(
    `SELECT revision, CAST(cost_total AS TEXT) AS amount, book, reason, created_ms FROM cost_basis WHERE event_id = ?1
     UNION ALL SELECT revision, CAST(delta_total AS TEXT), book, reason, created_ms FROM cost_revision
       WHERE event_id = ?1 AND NOT EXISTS (SELECT 1 FROM cost_basis WHERE cost_basis.event_id = ?1)
     UNION ALL SELECT 0, CAST(cost_total AS TEXT), book, 'ingest', received_ms FROM event
       WHERE id = ?1 AND cost_total IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM cost_basis WHERE cost_basis.event_id = ?1)
         AND NOT EXISTS (SELECT 1 FROM cost_revision WHERE cost_revision.event_id = ?1)
     ORDER BY revision`,
    eventId,
  );
  return found.map((row): CostRevision => {
    return {
      revision: Number(row["revision"]),
      amount: pico(row["amount"]),
      book: String(row["book"]),
      reason: String(row["reason"]),
      timeMs: Number(row["created_ms"]),
    };
  });
}

function placeOf(row: Row): string {
  return JSON.stringify([
    row["category"],
    row["resource"],
    hostOf(text(row["provider_uri"])),
    row["pricing_status"],
  ]);
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
