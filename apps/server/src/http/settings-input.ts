import { WireError, readBoolean, readCount, readObject, readText, readTextList, show } from "@payi/core/wire";

import { type ApplicationSettings, type Retention } from "../store/application.ts";

const MOST_PROPERTIES = 20;
const MOST_DAYS = 36_500;

/**
 * The settings with what the body changes; what it leaves out stays.
 *
 * @throws {WireError} for an unknown zone, too many properties, or sums that would go before the rows behind them.
 */
export function readSettings(body: unknown, before: ApplicationSettings): ApplicationSettings {
  const given = readObject(body, "The body");
  const properties = readTextList(given["declared_properties"], "declared_properties");
  if (properties !== undefined && properties.length > MOST_PROPERTIES) {
    throw refusal(
      `declared_properties has ${properties.length} names; at most ${MOST_PROPERTIES} are accepted.`,
    );
  }
  return {
    keepText: readBoolean(given["store_prompts"], "store_prompts") ?? before.keepText,
    timeZone: readZone(given["time_zone"]) ?? before.timeZone,
    declaredProperties: [...new Set(properties ?? before.declaredProperties)],
    retention:
      given["retention"] === undefined
        ? before.retention
        : readRetention(readObject(given["retention"], "retention"), before.retention),
  };
}

function readZone(value: unknown): string | undefined {
  const zone = readText(value, "time_zone", 64);
  if (zone === undefined) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    // Older names of a zone may be what it resolves to: the one that was given stays.
    return timeZone.toLowerCase() === zone.toLowerCase() ? timeZone : zone;
  } catch {
    throw refusal(
      `time_zone ${show(zone)} is no IANA time zone. Use a name such as "Europe/Berlin" or "UTC".`,
    );
  }
}

function readRetention(given: Record<string, unknown>, before: Retention): Retention {
  const retention = {
    textDays: readDays(given, "text_days", before.textDays),
    eventDays: readDays(given, "event_days", before.eventDays),
    totalDays: readDays(given, "total_days", before.totalDays),
  };
  requireOrder("text_days", retention.textDays, "event_days", retention.eventDays);
  requireOrder("event_days", retention.eventDays, "total_days", retention.totalDays);
  return retention;
}

/** Null is for ever; what is not given stays. */
function readDays(given: Record<string, unknown>, name: string, before: number | null): number | null {
  const value = given[name];
  if (value === null) return null;
  const days = readCount(value, `retention.${name}`);
  if (days === undefined) return before;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw refusal(`retention.${name} must be from 1 to ${MOST_DAYS} days, or null for ever; got ${days}.`);
}

/** What hangs on a row cannot outlive it. */
function requireOrder(first: string, firstDays: number | null, then: string, thenDays: number | null): void {
  if (thenDays === null || (firstDays !== null && firstDays <= thenDays)) return;
  const shown = firstDays === null ? "for ever" : `${firstDays} days`;
  throw refusal(
    `retention.${first} (${shown}) is longer than retention.${then} (${thenDays} days). Text goes first, then requests, then sums.`,
  );
}

function refusal(message: string): WireError {
  return new WireError("request_processing_error", message);
}
