import { type PayiClient, createClient, flush } from "@payi/core";
import { type IngestEvent, decodeIngestItem, decodeScoreItem, encodeScoresResult } from "@payi/core/wire";

/** A KPI score as it was reported. */
export interface RecordedScore {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly kpi: string;
  readonly score: boolean | number;
}

/** A platform that accepts everything and remembers it. */
export class PayiRecorder {
  readonly #events: IngestEvent[] = [];
  readonly #scores: RecordedScore[] = [];

  /** Reports here, without a network. */
  readonly client: PayiClient = createClient({
    apiKey: "test",
    baseUrl: "http://payi.test",
    fetch: async (input, init) => this.#answer(new Request(input, init)),
  });

  /** The calls reported so far, in the order in which they ended. */
  async events(): Promise<readonly IngestEvent[]> {
    await flush();
    return [...this.#events];
  }

  /** The KPI scores reported so far, automatic ones included. */
  async scores(): Promise<readonly RecordedScore[]> {
    await flush();
    return [...this.#scores];
  }

  /** Forgets what was reported so far. */
  async clear(): Promise<void> {
    await flush();
    this.#events.length = 0;
    this.#scores.length = 0;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const body: unknown = request.body === null ? undefined : await request.json();
    if (pathname.endsWith("/ingest/bulk") && Array.isArray(body)) {
      this.#events.push(...body.map((item: unknown) => decodeIngestItem(item)));
      return Response.json({ request_id: "batch", results: body.map(() => ({ request_id: "request" })) });
    }
    if (pathname.endsWith("/scores") && Array.isArray(body)) {
      this.#scores.push(...body.map(toScore));
      return Response.json(encodeScoresResult("scores", body.length, { errors: [] }));
    }
    return Response.json({});
  }
}

/** As it was recorded: the platform reads booleans as 1 and 0. */
function toScore(item: unknown): RecordedScore {
  const { useCaseName, useCaseId, kpiName: kpi } = decodeScoreItem(item);
  return { useCaseName, useCaseId, kpi, score: (item as RecordedScore).score };
}
