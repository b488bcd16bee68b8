/** What an application may take out of an event before it is queued. */
import { type ThrottledLog } from "./logger.ts";
import { type IngestEvent } from "./wire/ingest.ts";

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
 * Answers with what may leave; undefined takes all of it out. A hook that throws takes prompts, answers, headers and
 * function calls out, since nobody knows what it would have removed.
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
    const kept = redact(partsOf(event));
    return { ...event, ...partsOf(kept ?? {}) };
  } catch (error) {
    log.warn("redact", `The redact hook failed (${String(error)}); prompts and answers were taken out.`);
    return { ...event, ...TEXTS };
  }
}

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
