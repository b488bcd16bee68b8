import { startInstance } from "@payi/core";
import { type RequestHandler } from "express";

import { InputError } from "../input.ts";

const ID = /^[0-9a-f-]{36}$/;

/**
 * `POST /api/trails/feedback` `{ "searchId", "helpful" }`: scores a search long after it ended, by joining its instance
 * again. Answers 204; the score is delivered in the background.
 */
export const rateSearch: RequestHandler = function rateSearch(request, response) {
  const { searchId, helpful } = (request.body ?? {}) as { searchId?: unknown; helpful?: unknown };
  if (typeof searchId !== "string" || !ID.test(searchId) || typeof helpful !== "boolean") {
    throw new InputError("searchId must be the id of a search, and helpful true or false.");
  }
  startInstance({ name: "trail_finder", useCaseId: searchId, kpis: false }).recordKpi(
    "found_helpful",
    helpful,
  );
  response.status(204).end();
};
