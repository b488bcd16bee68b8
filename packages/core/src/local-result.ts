import { type ContextValues } from "./context.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { type PriceBook } from "./cost/price-book.ts";
import { toCostResult } from "./cost/result.ts";
import { OFFLINE_REQUEST_ID } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/**
 * Makes a call's result by our own book, when somebody looks: most results are never looked at. What waits for that look
 * is the usage, not the call. No request: there is no usage to price, and the cost stays unknown. `offline`: no platform
 * will ever give the request an id.
 */
export function localResult(
  request: PriceRequest | undefined,
  book: () => PriceBook,
  context: ContextValues,
  offline: boolean,
): () => XproxyResult {
  return () => {
    const cost = request === undefined ? undefined : toCostResult(price(request, book()));
    const { useCaseName, useCaseId, useCaseStep, userId, accountName } = context;
    const requestId = offline ? OFFLINE_REQUEST_ID : undefined;
    return { requestId, cost, useCaseName, useCaseId, useCaseStep, userId, accountName };
  };
}
