import { type Request, type RequestHandler } from "express";

import { costSoFar } from "../cost.ts";
import { openEventStream } from "../event-stream.ts";
import { InputError } from "../input.ts";
import { type AskOptions, askClaude } from "../models/ask-claude.ts";
import { askGpt } from "../models/ask-gpt.ts";
import { describeFailure } from "../provider-failure.ts";
import { type TrailSearch, readTrailSearch, writePrompt } from "../trail-search.ts";
import { type AnswerPart, type Trail } from "../trail.ts";
import { type FeatureOptions } from "./feature-options.ts";

/** Puts the checked search in the place of the body, or answers 400. */
export const parseSearch: RequestHandler = function parseSearch(request, _response, next) {
  request.body = readTrailSearch(request.body);
  next();
};

/** What an instance of the use case is told apart by. */
export function searchProperties(request: Request): Record<string, string> {
  const search = request.body as TrailSearch;
  return {
    location: search.location,
    vehicle_make: search.vehicleMake,
    vehicle_model: search.vehicleModel,
    difficulty: search.difficulty,
  };
}

/**
 * `POST /api/trails/search`: answers with server-sent events `pages`, `trail`, `done`, or `failed` when the model breaks
 * off. The status is sent with the first of them, so whatever goes wrong before is an ordinary error status.
 */
export function searchTrails({ providers, forwardHeaders, judge }: FeatureOptions): RequestHandler {
  const { anthropic, openai } = providers;
  const ask = (search: TrailSearch, options: AskOptions): AsyncIterable<AnswerPart> => {
    if (search.model.startsWith("claude") && anthropic !== undefined)
      return askClaude(anthropic, search, options);
    if (search.model.startsWith("gpt") && openai !== undefined) return askGpt(openai, search, options);
    throw new InputError(`${search.model} cannot be asked: there is no key for it.`);
  };

  return async function answerSearch(request, response) {
    const { payi } = request;
    const search = request.body as TrailSearch;
    const options = { signal: payi?.signal, headers: forwardHeaders((name) => request.get(name)) };
    const trails: Trail[] = [];
    try {
      for await (const part of ask(search, options)) {
        if (part.kind === "trail") trails.push(part.trail);
        openEventStream(response).send(part.kind, part);
      }
    } catch (error) {
      // Gone: there is nobody to tell, and the instance ends as aborted by itself.
      if (payi?.signal.aborted) return;
      payi?.recordKpi("search_success", false);
      if (!response.headersSent) throw error;
      // The status was 200 already, so only this tells that the instance failed.
      payi?.fail("answer_broke_off");
      openEventStream(response).send("failed", describeFailure(error));
      response.end();
      return;
    }
    // The SDKs end an aborted stream without an error.
    if (payi?.signal.aborted) return;
    const count = trails.length;
    payi?.recordKpi("search_success", count > 0);
    payi?.recordKpi("result_count", count);
    openEventStream(response).send("done", { count, cost: costSoFar() });
    response.end();
    if (count > 0) judge.consider({ question: writePrompt(search), answer: JSON.stringify(trails) });
  };
}
