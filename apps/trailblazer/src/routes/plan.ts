import { type Request, type RequestHandler } from "express";

import { costSoFar } from "../cost.ts";
import { openEventStream } from "../event-stream.ts";
import { type Trip, readTrip, writeTripPrompt } from "../planner/trip.ts";
import { describeFailure } from "../provider-failure.ts";
import { type FeatureOptions } from "./feature-options.ts";

/** Puts the checked trip in the place of the body, or answers 400. */
export const parseTrip: RequestHandler = function parseTrip(request, _response, next) {
  request.body = readTrip(request.body);
  next();
};

/** What an instance of the use case is told apart by. */
export function tripProperties(request: Request): Record<string, string> {
  const trip = request.body as Trip;
  return { location: trip.location, days: String(trip.days), difficulty: trip.difficulty };
}

/** `POST /api/trips/plan`: answers with server-sent events `tool`, `text`, `done`, or `failed` when the model breaks off. */
export function planTrip({ providers, forwardHeaders, judge }: FeatureOptions): RequestHandler {
  return async function answerPlan(request, response) {
    const { payi } = request;
    const trip = request.body as Trip;
    const options = { signal: payi?.signal, headers: forwardHeaders((name) => request.get(name)) };
    let plan = "";
    try {
      const { streamTripPlan } = await import("../planner/stream-trip-plan.ts");
      for await (const part of streamTripPlan(providers, trip, options)) {
        if (part.kind === "text") plan += part.text;
        openEventStream(response).send(part.kind, part);
      }
    } catch (error) {
      if (payi?.signal.aborted) return;
      payi?.recordKpi("plan_complete", false);
      if (!response.headersSent) throw error;
      payi?.fail("plan_broke_off");
      openEventStream(response).send("failed", describeFailure(error));
      response.end();
      return;
    }
    if (payi?.signal.aborted) return;
    payi?.recordKpi("plan_complete", plan !== "");
    openEventStream(response).send("done", { cost: costSoFar() });
    response.end();
    if (plan !== "") judge.consider({ question: writeTripPrompt(trip), answer: plan });
  };
}
