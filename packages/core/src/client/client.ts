import { ApiError } from "../errors.ts";
import {
  type Definition,
  type Instance,
  type Kpi,
  type InstanceScore,
  decodeDefinition,
  decodeInstance,
  decodeKpi,
  decodeInstanceScore,
} from "../wire/answers.ts";
import { HEADER, encodeIngestHeaders } from "../wire/headers.ts";
/** The typed REST client. Every method rejects with `ApiError`, `NetworkError` or `TimeoutError`, and nothing else. */
import { encodeBulkItem, type IngestEvent } from "../wire/ingest.ts";
import { isObject, readObject } from "../wire/parse.ts";
import { type BulkResult, type XproxyResult, decodeBulkResult, decodeXproxyResult } from "../wire/result.ts";
import { type ScoreItem, type ScoresResult, decodeScoresResult, encodeScoreItem } from "../wire/scores.ts";
import {
  type DefinitionInput,
  type InstanceInput,
  type KpiInput,
  encodeDefinitionInput,
  encodeInstanceInput,
  encodeKpiInput,
} from "../wire/use-cases.ts";
import { type HoldMethods, type LeaseMethods, holdMethods, leaseMethods } from "./holds.ts";
import { incrementAtOnce } from "./increment.ts";
import { type LimitMethods, limitMethods } from "./limits.ts";
import { type PageQuery, pages } from "./paging.ts";
import { type Transport, request, segment } from "./request.ts";

export interface ClientOptions {
  /** Default: `PAYI_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** Default: `PAYI_BASE_URL`, else http://localhost:4470 outside production. */
  readonly baseUrl?: string | undefined;
  /** Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Default: the fetch that was global before instrumentation. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every call, for a gateway on the way. Default: the lines `Name: value` of `PAYI_CUSTOM_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export class PayiClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport =
      transport.limitsVersion === undefined
        ? { ...transport, limitsVersion: { listener: undefined } }
        : transport;
  }

  get baseUrl(): string {
    return this.#transport.baseUrl;
  }

  /** Names platform and key without telling the key, as far as `hash` does. */
  destination(hash: (text: string) => string): string {
    return hash(`${this.#transport.baseUrl}\n${this.#transport.apiKey}`);
  }

  /** The same client for background work: no call takes longer than `timeoutMs`, and all end with `stop`. */
  forDelivery(stop: AbortSignal, timeoutMs: number): PayiClient {
    return new PayiClient({
      ...this.#transport,
      timeoutMs: Math.min(timeoutMs, this.#transport.timeoutMs),
      stop,
    });
  }

  /** `listener` is told the version of the limits in force with every answer that says it. One at a time. */
  onLimitsVersion(listener: ((version: string) => void) | undefined): void {
    if (this.#transport.limitsVersion !== undefined) this.#transport.limitsVersion.listener = listener;
  }

  /** The headers that prove who calls, for requests that go through the platform's proxy. */
  get authorization(): Readonly<Record<string, string>> {
    return { ...this.#transport.headers, [HEADER.apiKey]: this.#transport.apiKey };
  }

  readonly ingest = {
    /** Reports one call and answers with its cost and limit states. Repeating the same id changes nothing. */
    units: async (event: IngestEvent): Promise<XproxyResult> => {
      const answer = await this.#call({
        method: "POST",
        path: "/ingest",
        query: { id: event.providerResponseId },
        body: encodeBulkItem(event),
        headers: encodeIngestHeaders(event),
      });
      return decodeXproxyResult(readObject(answer, "The answer")["xproxy_result"]);
    },
    /** Reports many calls. Items are independent: each has its own result or error, in order. */
    bulk: async (events: readonly IngestEvent[]): Promise<BulkResult> =>
      this.#bulk(JSON.stringify(events.map(encodeBulkItem))),
    /** As `bulk`, of a JSON array that is text already. */
    bulkText: async (array: string, headers: Readonly<Record<string, string>> = {}): Promise<BulkResult> =>
      this.#bulk(array, headers),
  };

  readonly useCases = {
    /** Creates the use case; an identical one that exists already is returned. */
    create: async (input: DefinitionInput): Promise<Definition> =>
      decodeDefinition(
        await this.#call({
          method: "POST",
          path: "/use_cases/definitions",
          body: encodeDefinitionInput(input),
        }),
      ),
    get: async (name: string): Promise<Definition> =>
      decodeDefinition(await this.#call({ method: "GET", path: `/use_cases/definitions/${segment(name)}` })),
    list: (query: PageQuery = {}): AsyncGenerator<Definition> =>
      pages(this.#transport, "/use_cases/definitions", query, decodeDefinition),
    /** The version goes up by one; everything else stays. */
    incrementVersion: async (name: string): Promise<Definition> =>
      decodeDefinition(
        await this.#call({
          method: "POST",
          path: `/use_cases/definitions/${segment(name)}/increment_version`,
        }),
      ),
    delete: async (name: string): Promise<Definition> =>
      decodeDefinition(
        await this.#call({ method: "DELETE", path: `/use_cases/definitions/${segment(name)}` }),
      ),
  };

  readonly instances = {
    create: async (useCaseName: string, input: InstanceInput = {}): Promise<Instance> =>
      decodeInstance(
        await this.#call({
          method: "POST",
          path: `/use_cases/instances/${segment(useCaseName)}`,
          body: encodeInstanceInput(input),
        }),
      ),
    get: async (useCaseName: string, useCaseId: string): Promise<Instance> =>
      decodeInstance(
        await this.#call({
          method: "GET",
          path: `/use_cases/instances/${segment(useCaseName)}/${segment(useCaseId)}`,
        }),
      ),
  };

  readonly kpis = {
    create: async (useCaseName: string, input: KpiInput): Promise<Kpi> =>
      decodeKpi(
        await this.#call({
          method: "POST",
          path: `/use_cases/definitions/${segment(useCaseName)}/kpis`,
          body: encodeKpiInput(input),
        }),
      ),
    list: (useCaseName: string, query: PageQuery = {}): AsyncGenerator<Kpi> =>
      pages(this.#transport, `/use_cases/definitions/${segment(useCaseName)}/kpis`, query, decodeKpi),
    /** One score per instance and KPI: a later one replaces it, `null` clears it. */
    score: async (
      useCaseName: string,
      useCaseId: string,
      kpiName: string,
      score: boolean | number | null,
    ): Promise<void> => {
      await this.#call({
        method: "PUT",
        path: `/use_cases/instances/${segment(useCaseName)}/${segment(useCaseId)}/kpis/${segment(kpiName)}`,
        body: { score },
      });
    },
    /** The scores of one instance; `name` asks for one KPI. */
    scores: (useCaseName: string, useCaseId: string, query: PageQuery = {}): AsyncGenerator<InstanceScore> =>
      pages(
        this.#transport,
        `/use_cases/instances/${segment(useCaseName)}/${segment(useCaseId)}/kpis`,
        query,
        decodeInstanceScore,
      ),
    /**
     * Adds to a score, 0 where there is none, and answers with the sum; of several at once none is lost. Pay-i's own
     * service has no such operation: there the score is read and written, and of two at the same moment one may be lost.
     *
     * Whoever repeats a call that ended in `NetworkError` or `TimeoutError` gives both the same `idempotencyKey`, 1 to 255
     * characters of ASCII: then it is added once, except at Pay-i's own service, where a write whose answer was lost counts
     * again. Default: a key of its own for each call.
     */
    increment: async (
      useCaseName: string,
      useCaseId: string,
      kpiName: string,
      by = 1,
      { idempotencyKey = crypto.randomUUID() }: { readonly idempotencyKey?: string | undefined } = {},
    ): Promise<number> => {
      const name = [useCaseName, useCaseId, kpiName] as const;
      const sum = await incrementAtOnce((call) => this.#call(call), name, by, idempotencyKey);
      if (sum !== undefined) return sum;
      let score = by;
      for await (const stands of this.kpis.scores(useCaseName, useCaseId, { name: kpiName })) {
        score = stands.score + by;
      }
      await this.kpis.score(useCaseName, useCaseId, kpiName, score);
      return score;
    },
    /**
     * Many scores at once, over all use cases; what does not exist yet is made. Items are independent and take effect in
     * their order. Not a route of Pay-i's own: there it is a 404 or a 405.
     */
    scoreAll: async (items: readonly ScoreItem[]): Promise<ScoresResult> =>
      this.#scores(JSON.stringify(items.map(encodeScoreItem))),
    /** As `scoreAll`, of a JSON array that is text already. */
    scoreAllText: async (array: string): Promise<ScoresResult> => this.#scores(array),
  };

  readonly limits: LimitMethods = limitMethods(
    () => this.#transport,
    (call) => this.#call(call),
  );

  /** Money set aside for a call; what the SDK's guard does by itself. */
  readonly holds: HoldMethods = holdMethods((call) => this.#call(call));

  /** Holds that a process spends locally; what the SDK's guard does by itself. */
  readonly leases: LeaseMethods = leaseMethods((call) => this.#call(call));

  readonly requests = {
    result: async (requestId: string): Promise<XproxyResult> => {
      const answer = await this.#call({ method: "GET", path: `/requests/${segment(requestId)}/result` });
      return decodeXproxyResult(readObject(answer, "The answer")["xproxy_result"]);
    },
    /** Merges properties into a request after the fact; `system.failure` reports a failure found later. */
    setProperties: async (requestId: string, properties: Record<string, string | null>): Promise<void> => {
      await this.#call({
        method: "PUT",
        path: `/requests/${segment(requestId)}/properties`,
        body: { properties },
      });
    },
    /** The same by what the provider calls the request. */
    setPropertiesByProvider: async (
      category: string,
      responseId: string,
      properties: Readonly<Record<string, string | null>>,
    ): Promise<void> => {
      await this.#call({
        method: "PUT",
        path: `/requests/provider/${segment(category)}/${segment(responseId)}/properties`,
        body: { properties },
      });
    },
  };

  async #bulk(array: string, headers: Readonly<Record<string, string>> = {}): Promise<BulkResult> {
    const answer = await this.#call({
      method: "POST",
      path: "/ingest/bulk",
      body: array,
      headers,
      answeredBy: 400,
    });
    // A proxy's own page with status 200 acknowledges nothing.
    if (isObject(answer) && ["results", "request_id", "ingest_timestamp"].some((name) => name in answer)) {
      return decodeBulkResult(answer);
    }
    throw this.#invalidAnswer("bulk ingest");
  }

  async #scores(array: string): Promise<ScoresResult> {
    const answer = await this.#call({ method: "POST", path: "/scores", body: array });
    const result = decodeScoresResult(answer);
    if (result === undefined) throw this.#invalidAnswer("scores");
    return result;
  }

  #invalidAnswer(what: string): ApiError {
    return new ApiError(
      502,
      "invalid_answer",
      `${this.baseUrl} answered ${what} with something that no platform says. Check PAYI_BASE_URL and the proxies on the way.`,
    );
  }

  #call(call: Parameters<typeof request>[1]): Promise<unknown> {
    return request(this.#transport, call);
  }
}
