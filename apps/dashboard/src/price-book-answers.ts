import { type Fields, fieldsOf, listOf, textOf } from "./price-answers.ts";
/** The platform's answers about price books, from the wire to what the pages speak in. */
import { type BookComparison, type PriceBook, type PriceBookDetail, type PriceFeed } from "./price-books.ts";

/** One row of `GET /price-books`. */
export function readBook(value: unknown): PriceBook {
  const book = fieldsOf(value);
  return {
    id: textOf(book["id"]) ?? "",
    name: textOf(book["name"]) ?? "",
    isBuiltIn: book["kind"] === "built-in",
    active: book["active"] === true,
    created: textOf(book["created_timestamp"]) ?? "",
    createdBy: textOf(book["created_by"]) ?? "",
    activations: listOf(book["activations"]).map((activation) => ({
      time: textOf(activation["timestamp"]) ?? "",
      by: textOf(activation["by"]) ?? "",
    })),
  };
}

/** `GET /price-books/{id}` */
export function readBookDetail(value: unknown): PriceBookDetail {
  const book = fieldsOf(value);
  return {
    ...readBook(value),
    layers: listOf(book["layers"]).map((layer) => ({
      name: textOf(layer["name"]) ?? "",
      hash: textOf(layer["hash"]) ?? "",
      rows: Number(layer["rows"]),
    })),
    comparison: Array.isArray(book["gates"]) ? readComparison(book) : null,
  };
}

/** The feed beside a page of `GET /price-books`. */
export function readFeed(value: unknown): PriceFeed | null {
  const page = fieldsOf(value);
  if (page["feed"] === null || page["feed"] === undefined) return null;
  const feed = fieldsOf(page["feed"]);
  return {
    url: textOf(feed["url"]) ?? "",
    checked: textOf(feed["checked_timestamp"]),
    succeeded: textOf(feed["succeeded_timestamp"]),
    error: textOf(feed["error"]),
    book: textOf(feed["book"]),
    shutGates: Array.isArray(feed["shut_gates"]) ? feed["shut_gates"].map(String) : [],
  };
}

function readComparison(book: Fields): BookComparison {
  return {
    gates: listOf(book["gates"]).map((gate) => ({
      name: textOf(gate["gate"]) ?? "",
      passed: gate["passed"] === true,
      approvable: gate["approvable"] === true,
      reasons: Array.isArray(gate["reasons"]) ? gate["reasons"].map(String) : [],
    })),
    replayed: Number(book["replayed"]),
    isCapped: book["replay_capped"] === true,
    resources: listOf(book["replay"]).map((row) => ({
      category: textOf(row["category"]) ?? "",
      resource: textOf(row["resource"]),
      requests: Number(row["requests"]),
      before: textOf(row["before"]),
      after: textOf(row["after"]),
      difference: textOf(row["difference"]),
      newlyPriced: Number(row["newly_priced"] ?? 0),
      lost: Number(row["lost"]),
    })),
  };
}
