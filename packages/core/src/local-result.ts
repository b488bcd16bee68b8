import { type ContextValues } from "./context.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { type PriceBook } from "./cost/price-book.ts";
import { toCostResult } from "./cost/result.ts";
import { type LaterResult } from "./results.ts";
import { OFFLINE_REQUEST_ID } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/**
 * A call's result by our own book, made when somebody looks: most results are never looked at. What waits for that look is
 * the usage, not the call, and as little as can be: thousands of these outlive the collector's quick turns.
 */
export class LocalResult implements LaterResult {
  readonly #request: PriceRequest | undefined;
  readonly #book: () => PriceBook;
  readonly #context: ContextValues;
  readonly #offline: boolean;

  /**
   * No request: there is no usage to price, and the cost stays unknown. `offline`: no platform will ever give the request
   * an id.
   */
  constructor(
    request: PriceRequest | undefined,
    book: () => PriceBook,
    context: ContextValues,
    offline: boolean,
  ) {
    this.#request = request;
    this.#book = book;
    this.#context = context;
    this.#offline = offline;
  }

  make(): XproxyResult {
    const cost = this.#request === undefined ? undefined : toCostResult(price(this.#request, this.#book()));
    const { useCaseName, useCaseId, useCaseStep, userId, accountName } = this.#context;
    const requestId = this.#offline ? OFFLINE_REQUEST_ID : undefined;
    return { requestId, cost, useCaseName, useCaseId, useCaseStep, userId, accountName };
  }
}
