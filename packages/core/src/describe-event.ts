import { formatMoney } from "./money.ts";
import { type IngestEvent } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/** One line for `config.debug`: the platform has the event, and what it says of it. */
export function describeAnswer(event: IngestEvent, result: XproxyResult): string {
  const total = result.cost?.total;
  const limits = Object.entries(result.limits ?? {}).map(([id, { state }]) => `${id} ${state}`);
  return [
    `${event.category} ${event.resource ?? ""} ${event.providerResponseId ?? ""}`,
    `sent, request ${result.requestId ?? "without an id"}`,
    total === undefined ? "no cost told" : `$${formatMoney(total)}`,
    ...limits,
  ].join(" | ");
}

/** One line for `config.debug`: what was recognised, whom it is for, what it used and what that costs. */
export function describeEvent(event: IngestEvent, result: XproxyResult | undefined): string {
  const used = Object.entries(event.units).map(([unit, count]) => `${unit} ${count.input}/${count.output}`);
  const cost = result?.cost === undefined ? "unpriced" : `$${formatMoney(result.cost.total)}`;
  const forWhom = [event.useCaseName, event.useCaseId, event.userId, event.accountName].filter(
    (part) => part !== undefined,
  );
  return [
    `${event.category} ${event.resource ?? ""} ${event.providerResponseId ?? ""}`,
    `for ${forWhom.join(" · ") || "nobody in particular"}`,
    `${event.properties?.["system.outcome"] ?? "ok"} ${event.httpStatusCode ?? ""}`,
    `${used.join(", ") || "no usage"} (${event.properties?.["system.usage_source"] ?? "unknown"})`,
    cost,
    "queued",
  ].join(" | ");
}
