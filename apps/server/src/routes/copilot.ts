import {
  type IngestEvent,
  decodeCopilotLicensing,
  decodeCopilotTranscript,
  encodeApiError,
} from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { licensingEvent, transcriptEvents } from "../domain/copilot.ts";
import { type Counters } from "../domain/counters.ts";
import { upsertAll } from "../domain/ingest.ts";
import { type Prices } from "../domain/prices.ts";
import {
  LicensingAnswer,
  LicensingInput,
  TranscriptAnswer,
  TranscriptInput,
} from "../http/api/copilot-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { statusOf } from "../http/errors.ts";
import { type IngestOutcome } from "../store/event.ts";
import { type Store } from "../store/store.ts";

/** `POST /ingest/copilot/transcripts` and `/ingest/copilot/licensing` (contract 2.2). Sending one again replaces it. */
export function registerCopilot(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  counters: Counters,
): void {
  async function record(request: FastifyRequest, events: readonly IngestEvent[]) {
    const { application, keepText } = accessOf(request);
    const outcomes = await upsertAll({ store, prices, application, keepText }, events);
    counters.ingested(outcomes);
    const errors = outcomes.flatMap((outcome, index) => {
      if (!("error" in outcome)) return [];
      const { code, message } = outcome.error;
      return [{ item_index: index, xproxy_result: encodeApiError(statusOf(code), code, message) }];
    });
    const answer = {
      request_id: request.id,
      ingest_timestamp: new Date().toISOString(),
      error_count: errors.length,
      errors: errors.length === 0 ? null : errors,
    };
    return { outcomes, answer };
  }

  app.post(
    "/ingest/copilot/transcripts",
    operation({
      needs: "ingest",
      tag: "Ingest",
      summary: "Record a conversation of a Copilot Studio agent",
      description:
        "One request per turn, in the agent as use case and the conversation as instance. A transcript tells no usage, so these have no cost.",
      body: TranscriptInput,
      answers: { 200: TranscriptAnswer },
    }),
    async (request) => {
      const { outcomes, answer } = await record(
        request,
        transcriptEvents(decodeCopilotTranscript(request.body)),
      );
      return { ...answer, requests_created: outcomes.filter(isNew).length };
    },
  );

  app.post(
    "/ingest/copilot/licensing",
    operation({
      needs: "ingest",
      tag: "Ingest",
      summary: "Record what a Copilot Studio agent consumed on a day",
      description: "The same day, agent and feature again replaces the earlier figure.",
      body: LicensingInput,
      answers: { 200: LicensingAnswer },
    }),
    async (request) => {
      const { outcomes, answer } = await record(request, [
        licensingEvent(decodeCopilotLicensing(request.body)),
      ]);
      return { ...answer, records_ingested: outcomes.filter((outcome) => "event" in outcome).length };
    },
  );
}

function isNew(outcome: IngestOutcome): boolean {
  return "event" in outcome && !outcome.duplicate && outcome.replaced !== true;
}
