/** What an application may take out of an event before it is queued. */
import { type ThrottledLog } from "./logger.ts";
import { isJson } from "./providers/read.ts";
import { type IngestEvent, type Properties } from "./wire/ingest.ts";

/** The parts of an event that can hold somebody's words or name; the rest is counts, times and ids. */
export type RedactableEvent = Pick<
  IngestEvent,
  | "providerRequestJson"
  | "providerResponseJson"
  | "providerRequestHeaders"
  | "providerResponseHeaders"
  | "functionCalls"
  | "properties"
  | "useCaseProperties"
  | "userId"
  | "accountName"
>;

/**
 * Answers with what may leave, at once; undefined takes all of it out. A hook that throws, or answers with a promise or
 * anything else, takes prompts, answers, headers and function calls out, since nobody knows what it would have removed.
 */
export type Redact = (event: RedactableEvent) => RedactableEvent | undefined;

const TEXTS = {
  providerRequestJson: undefined,
  providerResponseJson: undefined,
  providerRequestHeaders: undefined,
  providerResponseHeaders: undefined,
  functionCalls: undefined,
} as const;

/** `event` as the hook lets it pass. Units, times, category and id are never the hook's. Never throws. */
export function redactEvent(event: IngestEvent, redact: Redact | undefined, log: ThrottledLog): IngestEvent {
  if (redact === undefined) return event;
  try {
    const kept: unknown = redact(partsOf(event));
    if (kept !== undefined && (!isJson(kept) || kept instanceof Promise)) {
      throw new TypeError("it must answer with an object or undefined, at once");
    }
    const parts = partsOf(kept ?? {});
    return { ...event, ...parts, properties: { ...parts.properties, ...factsOf(event) } };
  } catch (error) {
    log.warn("redact", `The redact hook failed (${String(error)}); prompts and answers were taken out.`);
    return { ...event, ...TEXTS };
  }
}

/** What we say of a call ourselves, without anybody's words: whether its usage was told or estimated, how it ended. */
function factsOf({ properties = {} }: IngestEvent): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => FACTS.has(name)));
}

/** Properties of ours that hold nobody's words and name nobody. */
const FACTS: ReadonlySet<string> = new Set(
  [
    "usage_source",
    "outcome",
    "attempt",
    "call_id",
    "service_tier",
    "speed",
    "inference_geo",
    "data_residency",
    "sum_of_calls",
    "finish_reason",
    "failure",
    "refused_by",
    "refusal_reason",
    "limit_check",
  ].map((name) => `system.${name}`),
);

function partsOf(event: RedactableEvent): RedactableEvent {
  return {
    providerRequestJson: event.providerRequestJson,
    providerResponseJson: event.providerResponseJson,
    providerRequestHeaders: event.providerRequestHeaders,
    providerResponseHeaders: event.providerResponseHeaders,
    functionCalls: event.functionCalls,
    properties: event.properties,
    useCaseProperties: event.useCaseProperties,
    userId: event.userId,
    accountName: event.accountName,
  };
}
