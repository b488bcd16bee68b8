import { type EventText } from "../event.ts";
import { json, text as textOf, toJson } from "./columns.ts";
import { type Insert, type Program, type Value, get, run, runMany } from "./program.ts";
import { findUseCase } from "./use-case-rows.ts";

/** The statement that keeps words; its values are those of {@link textValues}. */
export const EVENT_TEXT: Insert = {
  table: "event_text",
  columns: ["event_id", "application", "request", "reasoning", "response", "function_calls"],
  conflict: "",
};

/** The words of one event, as a row. */
export function textValues(eventId: string, application: string, text: EventText): readonly Value[] {
  const { request, reasoning, response, functionCalls } = text;
  const calls = functionCalls.length === 0 ? null : toJson(functionCalls);
  return [eventId, application, request, reasoning, response, calls];
}

/** The use case may forbid what the application allows. `useCase` is the one that the event is recorded in. */
export function* mayKeepText(application: string, useCase: string | null): Program<boolean> {
  if (useCase === null) return true;
  const definition = yield* findUseCase(application, useCase);
  return definition?.loggingEnabled !== false;
}

/** What was said in a call, where it was kept and is kept still. */
export function* eventText(eventId: string): Program<EventText | undefined> {
  const row = yield* get(
    "SELECT request, reasoning, response, function_calls FROM event_text WHERE event_id = ?",
    eventId,
  );
  if (row === undefined) return undefined;
  return {
    request: textOf(row["request"]),
    reasoning: textOf(row["reasoning"]),
    response: textOf(row["response"]),
    functionCalls: row["function_calls"] === null ? [] : json(row["function_calls"]),
  };
}

/** The words of another report of the same call take the place of those of the first. */
export function* replaceText(
  event: { readonly id: string; readonly application: string; readonly useCase: string | null },
  text: EventText | undefined,
): Program<void> {
  yield* run("DELETE FROM event_text WHERE event_id = ?", event.id);
  if (text === undefined || !(yield* mayKeepText(event.application, event.useCase))) return;
  yield* runMany(EVENT_TEXT, [textValues(event.id, event.application, text)]);
}
