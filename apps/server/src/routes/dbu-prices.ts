import { formatMoney } from "@payi/core/cost";
import { WireError, readKnownDecimal, readObject, readRequiredText, readTime } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type Prices } from "../domain/prices.ts";
import { PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { DbuPrice, DbuPriceAnswer, DbuPriceInput } from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { type StoredDbuPrice } from "../store/price.ts";
import { type Store } from "../store/store.ts";

const CATEGORIES = ["system.databricks.aws", "system.databricks.azure", "system.databricks.google"];

/** What the organization pays for a Databricks unit, where that is not the list price. */
export function registerDbuPrices(app: FastifyInstance, store: Store, prices: Prices): void {
  app.get(
    "/dbu-prices",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "List what a Databricks unit costs you; without any it is the list price",
      answers: { 200: PageOf(DbuPrice) },
    }),
    async (request) => {
      const data = await store.pricing(-1);
      return { request_id: request.id, items: (data?.dbuPrices ?? []).map(encode), cursor: null };
    },
  );

  app.post(
    "/dbu-prices",
    operation({
      access: "dashboard",
      needs: "prices",
      tag: "Prices",
      ours: true,
      summary: "Set what a Databricks unit costs you from an instant on",
      body: DbuPriceInput,
      answers: { 201: DbuPriceAnswer },
    }),
    async (request, reply) => {
      const body = readObject(request.body, "The price");
      const category = readRequiredText(body["category"], "category");
      const usd = readKnownDecimal(body["usd_per_dbu"], "usd_per_dbu");
      if (!CATEGORIES.includes(category)) {
        throw invalid(
          `${JSON.stringify(category)} is not priced in Databricks units. Use one of ${CATEGORIES.join(", ")}.`,
        );
      }
      if (usd <= 0n) throw invalid('usd_per_dbu must be above 0, such as "0.055".');
      const startMs = readTime(body["start_timestamp"], "start_timestamp") ?? Date.now();
      const wanted = { category, startMs, usd: formatMoney(usd) };
      const stored = await store.setDbuPrice(wanted, accessOf(request).actor);
      await prices.refresh();
      return reply.code(201).send({ request_id: request.id, ...encode(stored) });
    },
  );
}

function encode(price: StoredDbuPrice): Record<string, unknown> {
  return {
    id: price.id,
    category: price.category,
    usd_per_dbu: price.usd,
    start_timestamp: new Date(price.startMs).toISOString(),
    created_timestamp: new Date(price.createdMs).toISOString(),
  };
}

function invalid(message: string): WireError {
  return new WireError("invalid_resource", message);
}
