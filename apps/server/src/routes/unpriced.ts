import { WireError, readBoolean, readObject, readRequiredText, readText, readTime } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { canonicalCategory, categoriesOf } from "../domain/categories.ts";
import { type Prices } from "../domain/prices.ts";
import { type RepriceRunner } from "../domain/reprice-runner.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { Answer, Count, PageOf, Time } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import {
  Mapping,
  MappingAnswer,
  MappingInput,
  UnpricedUsage as UnpricedUsageShape,
} from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeJob } from "../http/encode-reprice.ts";
import { type Query } from "../http/paging.ts";
import { type ResourceMapping } from "../store/price.ts";
import { type UnpricedUsage } from "../store/reprice.ts";
import { type Store } from "../store/store.ts";

/** Usage that no price covers, and what it is to be priced as. */
export function registerUnpriced(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  runner: RepriceRunner,
): void {
  app.get<{ Querystring: Query }>(
    "/unpriced",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Usage that no price covers",
      query: { from: Type.Optional(Time()), to: Type.Optional(Time()) },
      answers: {
        200: Answer({ calls: Count(), items: Type.Array(UnpricedUsageShape), cursor: Type.Null() }),
      },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const fromMs = readTime(nonBlank(request.query, "from"), "from") ?? 0;
      const toMs = readTime(nonBlank(request.query, "to"), "to") ?? Number.MAX_SAFE_INTEGER;
      const found = await store.unpricedUsage(application, fromMs, toMs);
      return {
        request_id: request.id,
        calls: found.reduce((sum, usage) => sum + usage.calls, 0),
        items: found.map(encodeUsage),
        cursor: null,
      };
    },
  );

  app.get(
    "/unpriced/mappings",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "What is priced as something else",
      answers: { 200: PageOf(Mapping) },
    }),
    async (request) => {
      const data = await store.pricing(-1);
      return { request_id: request.id, items: (data?.mappings ?? []).map(encodeMapping), cursor: null };
    },
  );

  app.post(
    "/unpriced/map",
    operation({
      access: "dashboard",
      needs: "prices",
      tag: "Prices",
      ours: true,
      summary: "Price a resource as another one, from now on and for the past",
      body: MappingInput,
      answers: { 200: MappingAnswer, 202: MappingAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const body = readObject(request.body, "The mapping");
      const mapping: ResourceMapping = {
        category: canonicalCategory(readRequiredText(body["category"], "category", 256)),
        resource: readText(body["resource"], "resource") ?? "",
        priceAsCategory: canonicalCategory(
          readRequiredText(body["price_as_category"], "price_as_category", 256),
        ),
        priceAsResource: readRequiredText(body["price_as_resource"], "price_as_resource"),
        priceAsScope: readText(body["price_as_scope"], "price_as_scope") ?? null,
      };
      const again = readBoolean(body["reprice"], "reprice") ?? true;
      const { book } = await prices.refresh();
      if (!categoriesOf(book).has(mapping.category)) {
        throw invalid(
          `There is no category ${JSON.stringify(mapping.category)}, so no call can be of it. List them with GET /api/v1/categories.`,
        );
      }
      if (book.resolver.resolve(mapping.priceAsCategory, mapping.priceAsResource) === undefined) {
        throw invalid(
          `${mapping.priceAsCategory}/${mapping.priceAsResource} has no price itself. Choose a resource of GET /api/v1/categories/${encodeURIComponent(mapping.priceAsCategory)}/resources, or create one of your own first.`,
        );
      }
      await store.mapResource(mapping, actor);
      await prices.refresh();
      const { category, resource } = mapping;
      const reason = `mapped to ${mapping.priceAsCategory}/${mapping.priceAsResource}`;
      // Also those of the next minutes: events may be dated a little ahead.
      const scope = { fromMs: 0, toMs: Date.now() + 3_600_000, category, resource };
      const job = again ? await runner.start({ application, actor, scope, reason }) : undefined;
      const answer = { request_id: request.id, ...encodeMapping(mapping) };
      if (job === undefined) return { ...answer, reprice: null };
      return reply.code(202).send({ ...answer, reprice: encodeJob(job) });
    },
  );
}

function encodeUsage(usage: UnpricedUsage): Record<string, unknown> {
  return {
    category: usage.category,
    resource: usage.resource,
    host: usage.host,
    status: usage.status,
    calls: usage.calls,
    tokens_input: usage.tokensInput,
    tokens_output: usage.tokensOutput,
    units: usage.units,
    first_seen: new Date(usage.firstMs).toISOString(),
    last_seen: new Date(usage.lastMs).toISOString(),
    alerted_timestamp: usage.noticedMs === null ? null : new Date(usage.noticedMs).toISOString(),
  };
}

function encodeMapping(mapping: ResourceMapping): Record<string, unknown> {
  return {
    category: mapping.category,
    resource: mapping.resource,
    price_as_category: mapping.priceAsCategory,
    price_as_resource: mapping.priceAsResource,
    price_as_scope: mapping.priceAsScope,
  };
}

function invalid(message: string): WireError {
  return new WireError("invalid_resource_mapping", message);
}
