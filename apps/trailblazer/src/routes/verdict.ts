import { type RequestHandler } from "express";

import { type FeatureOptions } from "./feature-options.ts";

/** `GET /api/verdicts/{useCaseId}`: how the judge has scored an answer; 204 where nobody judges it. */
export function showVerdict({ judge }: FeatureOptions): RequestHandler<{ readonly useCaseId: string }> {
  return function answerVerdict(request, response) {
    const judgement = judge.find(request.params.useCaseId);
    if (judgement === undefined) response.status(204).end();
    else response.json(judgement);
  };
}
