/** Google's Interactions API, which may run in the background and is then asked for its outcome. */
import { type UnitCount } from "../usage.ts";
import { weighTokens } from "./estimate.ts";
import { addQueries, readGeminiTier, readInteractionUsage } from "./google-usage.ts";
import {
  type Match,
  type Reading,
  type RequestFacts,
  type StreamEvent,
  type StreamReader,
  NOTHING_TOLD,
  tell,
} from "./provider.ts";
import { type Json, child, list, parse, text } from "./read.ts";
import { estimateBoth } from "./untold.ts";

const UNFINISHED: ReadonlySet<string> = new Set(["queued", "in_progress", "requires_action"]);

/** Ends that may come without any usage. */
const ENDED: Readonly<Record<string, Reading["ended"]>> = { failed: "error", cancelled: "aborted" };

/** A whole interaction. */
export function readInteraction(match: Match, json: Json): Reading {
  const { units, failure } = readInteractionUsage(child(json, "usage"));
  const status = text(json, "status") ?? "";
  const responseId = text(json, "id");
  const ended = units === undefined ? ENDED[status] : undefined;
  // Reading an interaction that did not run in the background tells nothing new.
  if (
    match.retrieval === true &&
    (json["background"] !== true || (units === undefined && ended === undefined))
  ) {
    return { ...NOTHING_TOLD, responseId };
  }
  if (units === undefined && UNFINISHED.has(status)) return { ...NOTHING_TOLD, responseId, pending: true };
  const model = text(json, "model");
  return tell({
    units: units === undefined ? undefined : withSearches(units, model ?? "", list(json, "steps")),
    model,
    responseId,
    facts: { serviceTier: readGeminiTier({ serviceTier: json["service_tier"] }) },
    functionCalls: list(json, "steps")
      .filter((step) => step["type"] === "function_call")
      .map((step) => ({
        name: text(step, "name") ?? "unknown",
        arguments: JSON.stringify(step["arguments"] ?? {}),
      })),
    ended,
    failure: failure ?? (status === "failed" ? "interaction_failed" : undefined),
    finishReason: status,
  });
}

function withSearches(units: Reading["units"], model: string, steps: readonly Json[]): Reading["units"] {
  const all: Record<string, UnitCount> = { ...units };
  let queries = 0;
  let maps = 0;
  for (const step of steps) {
    const asked = child(step, "arguments")["queries"];
    const number = Array.isArray(asked) ? asked.length : 1;
    if (step["type"] === "google_search_call") queries += number;
    if (step["type"] === "google_maps_call") maps += number;
  }
  addQueries(all, model, queries, maps);
  return all;
}

/** Events of an interaction; the one that brings the whole interaction with its usage is the last. */
export class InteractionStream implements StreamReader {
  readonly #match: Match;
  readonly #request: RequestFacts;
  #last: Reading | undefined;
  #responseId: string | undefined;
  #failure: string | undefined;
  #delivered = 0;

  constructor(match: Match, request: RequestFacts) {
    this.#match = match;
    this.#request = request;
  }

  event({ data }: StreamEvent): void {
    const event = parse(data);
    if (event === undefined) return;
    const interaction = child(event, "interaction");
    this.#responseId = text(interaction, "id") ?? this.#responseId;
    this.#delivered += weighTokens(text(child(event, "delta"), "text") ?? "");
    const error = child(event, "error");
    if (Object.keys(error).length > 0) this.#failure = text(error, "code") ?? "provider_error";
    if (Object.keys(child(interaction, "usage")).length === 0) return;
    const reading = readInteraction(this.#match, interaction);
    if (reading.units !== undefined) this.#last = reading;
  }

  read(): Reading {
    if (this.#last !== undefined) return this.#last;
    const responseId = this.#responseId;
    const broken = { ...NOTHING_TOLD, responseId, failure: this.#failure };
    if (this.#match.retrieval === true) return broken;
    if (this.#request.body?.["background"] === true) return { ...broken, pending: true };
    if (responseId === undefined || this.#failure !== undefined) return broken;
    return { ...broken, ...estimateBoth(this.#request, this.#delivered) };
  }
}
