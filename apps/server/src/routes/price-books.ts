import { WireError, isObject, readBoolean } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { wholeLayers } from "../domain/layer-content.ts";
import { encodeLayer } from "../domain/layer-json.ts";
import { IMPORTED } from "../domain/litellm-book.ts";
import { activateBook, compareWithActive } from "../domain/price-books.ts";
import { addCandidate } from "../domain/price-candidate.ts";
import { type PriceFeed } from "../domain/price-feed.ts";
import { type Prices } from "../domain/prices.ts";
import { type Access } from "../http/access.ts";
import { PAGE_QUERY } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import {
  PRICE_BOOK_QUERY,
  PriceBookAnswer,
  PriceBookInput,
  PriceBookPage,
} from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readUpload } from "../http/price-book-input.ts";
import { type StoredPriceBook } from "../store/price.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

/** Price books: upload a candidate, look at what it changes, put it in force, go back to an older one. */
export function registerPriceBooks(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  feed?: PriceFeed,
): void {
  const context = { store, prices };

  app.get<{ Querystring: Query }>(
    "/price-books",
    operation({
      access: "dashboard",
      needs: ["read", "prices"],
      tag: "Prices",
      ours: true,
      summary: "List price books",
      query: PAGE_QUERY,
      answers: { 200: PriceBookPage },
    }),
    async (request) => ({
      ...encodePage(request.id, await store.priceBooks(readPage(request.query, false)), encodeBook),
      feed: feed?.status() ?? null,
    }),
  );

  app.get<One>(
    "/price-books/:id",
    operation({
      access: "dashboard",
      needs: ["read", "prices"],
      tag: "Prices",
      ours: true,
      summary: "Read a price book with its rows, and what it would change",
      answers: { 200: PriceBookAnswer },
    }),
    async (request) => {
      const stored = await requireBook(request.params.id);
      const book = await prices.book(stored);
      const uploaded = book.layers.filter(({ name }) => name === "uploaded" || name === IMPORTED);
      return {
        request_id: request.id,
        ...encodeBook(stored),
        layers: wholeLayers(book).map(({ name, hash, rows }) => ({ name, hash, rows: rows.length })),
        // What ships with Payi is in its sources; what was uploaded is told as it came.
        content: uploaded.map((layer) => JSON.parse(encodeLayer(layer).content) as unknown),
        ...(await compareWithActive(context, stored, book, replayedFor(accessOf(request)))),
      };
    },
  );

  app.post<{ Querystring: Query }>(
    "/price-books",
    operation({
      access: "dashboard",
      needs: "prices",
      tag: "Prices",
      ours: true,
      summary: "Upload a price book; it prices nothing before it is activated",
      query: PRICE_BOOK_QUERY,
      body: PriceBookInput,
      answers: { 200: PriceBookAnswer, 201: PriceBookAnswer },
    }),
    async (request, reply) => {
      const { actor } = accessOf(request);
      const { document, imported } = readUpload(request.query, request.body);
      const { value, created, book } = await addCandidate(context, document, actor);
      const body = {
        request_id: request.id,
        ...encodeBook(value),
        ...imported,
        ...(await compareWithActive(context, value, book)),
      };
      return reply.code(created ? 201 : 200).send(body);
    },
  );

  app.post<One>(
    "/price-books/:id/activate",
    operation({
      access: "dashboard",
      needs: "prices",
      tag: "Prices",
      ours: true,
      summary: "Put a price book in force, or an older one back",
      body: Type.Optional(Type.Object({ approve: Type.Optional(Type.Boolean()) })),
      answers: { 200: PriceBookAnswer },
    }),
    async (request) => {
      const { actor } = accessOf(request);
      const approve = isObject(request.body) && readBoolean(request.body["approve"], "approve") === true;
      const stored = await requireBook(request.params.id);
      const { book, rollback, report } = await activateBook(context, stored, { actor, approve });
      return { request_id: request.id, ...encodeBook(book), rollback, ...report };
    },
  );

  async function requireBook(id: string): Promise<StoredPriceBook> {
    const found = await store.priceBook(id);
    if (found !== undefined) return found;
    throw new WireError(
      "price_book_not_found",
      `There is no price book ${JSON.stringify(id)}. List them with GET /api/v1/price-books.`,
    );
  }
}

/** Whose last day shows what a book would change: all applications', for those who may put it in force, else one's own. */
function replayedFor({ permissions, application }: Access): readonly string[] | undefined {
  return permissions.includes("prices") ? undefined : [application];
}

function encodeBook(book: StoredPriceBook): Record<string, unknown> {
  return {
    id: book.id,
    name: book.name,
    kind: book.kind,
    active: book.active,
    created_timestamp: new Date(book.createdMs).toISOString(),
    created_by: book.createdBy,
    activations: book.activations.map(({ timeMs, actor }) => ({
      timestamp: new Date(timeMs).toISOString(),
      by: actor,
    })),
  };
}
