import { WireError, decodeScoreItem, encodeScoresResult } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { operation } from "../http/api/operation.ts";
import { BatchScore, ScoresAnswer } from "../http/api/use-case-shapes.ts";
import { readItems } from "../http/array-body.ts";
import { accessOf } from "../http/auth.ts";
import { type Store } from "../store/store.ts";
import { type BatchScore as Score, type ScoreOutcome } from "../store/use-case.ts";

/** Small enough that other requests get between two parts of a large body. */
const BATCH = 500;

/** `POST /scores`: what an SDK records as its instances end, in one request (additions). */
export function registerScores(app: FastifyInstance, store: Store): void {
  app.post(
    "/scores",
    operation({
      tag: "Use cases",
      summary: "Score many instances, each score on its own",
      needs: "ingest",
      description:
        "At most 10,000, in order: a later score of the same KPI and instance replaces the earlier. What does not exist yet is made, the KPI where kpi_type is given. Scores that are refused are listed by their place in the array; the others are recorded.",
      ours: true,
      body: Type.Array(BatchScore),
      answers: { 200: ScoresAnswer },
    }),
    async (request) => {
      const items = readItems(request.body, "scores").map(decodeItem);
      const { application } = accessOf(request);
      const scores = items.filter((item): item is Score => !WireError.is(item));
      const recorded: ScoreOutcome[] = [];
      for (let at = 0; at < scores.length; at += BATCH) {
        // oxlint-disable-next-line no-await-in-loop -- later scores replace earlier ones
        recorded.push(...(await store.recordScores(application, scores.slice(at, at + BATCH))));
      }
      let next = 0;
      const errors = items.flatMap((item, index) => {
        const error = WireError.is(item) ? item : recorded[next++];
        return error === undefined ? [] : [{ index, code: error.code, message: error.message }];
      });
      return encodeScoresResult(request.id, items.length, { errors });
    },
  );
}

function decodeItem(value: unknown): Score | WireError {
  try {
    const item = decodeScoreItem(value);
    return {
      useCase: item.useCaseName,
      instance: item.useCaseId,
      kpi: item.kpiName,
      score: item.score,
      definition: item.kpi,
      version: item.useCaseVersion,
      user: item.userId,
      account: item.accountName,
      properties: item.useCaseProperties,
    };
  } catch (error) {
    if (WireError.is(error)) return error as WireError;
    throw error;
  }
}
