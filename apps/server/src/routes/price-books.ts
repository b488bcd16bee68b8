import { type PriceBook, builtInPriceBook, createPriceBook } from "@payi/core/cost";
import { WireError, isObject, readBoolean } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { wholeLayers } from "../domain/layer-content.ts";
import { encodeLayer } from "../domain/layer-json.ts";
import { readBookDocument } from "../domain/price-book-document.ts";
import { type GateReport, checkGates, passGates } from "../domain/price-gates.ts";
import { type Prices } from "../domain/prices.ts";
import { PAGE_QUERY, PageOf } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { PriceBook as PriceBookShape, PriceBookAnswer, PriceBookInput } from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type StoredPriceBook } from "../store/price.ts";
import { type Store } from "../store/store.ts";

interface One {
  Params: { id: string };
}

/** Price books: upload a candidate, look at what it changes, put it in force, go back to an older one. */
export function registerPriceBooks(app: FastifyInstance, store: Store, prices: Prices): void {
  app.get<{ Querystring: Query }>(
    "/price-books",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "List price books",
      query: PAGE_QUERY,
      answers: { 200: PageOf(PriceBookShape) },
    }),
    async (request) =>
      encodePage(request.id, await store.priceBooks(readPage(request.query, false)), encodeBook),
  );

  app.get<One>(
    "/price-books/:id",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Read a price book with its rows, and what it would change",
      answers: { 200: PriceBookAnswer },
    }),
    async (request) => {
      const stored = await requireBook(request.params.id);
      const book = await prices.book(stored);
      const uploaded = book.layers.filter((layer) => layer.name === "uploaded");
      return {
        request_id: request.id,
        ...encodeBook(stored),
        layers: wholeLayers(book).map(({ name, hash, rows }) => ({ name, hash, rows: rows.length })),
        // What ships with Payi is in its sources; what was uploaded is told as it came.
        content: uploaded.map((layer) => JSON.parse(encodeLayer(layer).content) as unknown),
        ...(await report(stored, book, accessOf(request).application)),
      };
    },
  );

  app.post(
    "/price-books",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Upload a price book; it prices nothing before it is activated",
      body: PriceBookInput,
      answers: { 200: PriceBookAnswer, 201: PriceBookAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const { name, layer } = readBookDocument(request.body);
      const book = createPriceBook([layer, ...builtInPriceBook().layers]);
      const layers = book.layers.map(encodeLayer);
      const { value, created } = await store.addPriceBook(
        { id: book.version, name, kind: "uploaded", layers },
        actor,
      );
      const body = {
        request_id: request.id,
        ...encodeBook(value),
        ...(await report(value, book, application)),
      };
      return reply.code(created ? 201 : 200).send(body);
    },
  );

  app.post<One>(
    "/price-books/:id/activate",
    operation({
      access: "dashboard",
      tag: "Prices",
      ours: true,
      summary: "Put a price book in force, or an older one back",
      body: Type.Optional(Type.Object({ approve: Type.Optional(Type.Boolean()) })),
      answers: { 200: PriceBookAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const approve = isObject(request.body) && readBoolean(request.body["approve"], "approve") === true;
      const stored = await requireBook(request.params.id);
      const active = (await store.pricing(-1))?.activeBook;
      const gates = await report(stored, await prices.book(stored), application);
      // What was in force before has passed; going back must not need what went wrong to be right.
      const rollback = stored.activations.length > 0;
      if (gates !== undefined && !rollback) passGates(gates, approve);
      const detail = { before: active?.id ?? null, rollback, approved: approve, gates: gates?.gates ?? [] };
      const activated = await store.activatePriceBook(stored.id, active?.id, actor, detail);
      await prices.refresh();
      return { request_id: request.id, ...encodeBook(activated), rollback, ...gates };
    },
  );

  /** Undefined for the active book, which has nothing to be compared with. */
  async function report(
    stored: StoredPriceBook,
    book: PriceBook,
    application: string,
  ): Promise<GateReport | undefined> {
    const active = (await store.pricing(-1))?.activeBook;
    if (active === undefined || active.id === stored.id) return undefined;
    return checkGates(store, application, await prices.book(active), book, Date.now());
  }

  async function requireBook(id: string): Promise<StoredPriceBook> {
    const found = await store.priceBook(id);
    if (found !== undefined) return found;
    throw new WireError(
      "price_book_not_found",
      `There is no price book ${JSON.stringify(id)}. List them with GET /api/v1/price-books.`,
    );
  }
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
