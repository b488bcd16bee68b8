import { type Fields, fieldsOf, listOf, textOf } from "./price-answers.ts";
/** The platform's answers about price books, from the wire to what the pages speak in. */
import { type BookComparison, type PriceBook, type PriceBookDetail } from "./price-books.ts";

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

function readComparison(book: Fields): BookComparison {
  return {
    gates: listOf(book["gates"]).map((gate) => ({
      name: textOf(gate["gate"]) ?? "",
      passed: gate["passed"] === true,
      approvable: gate["approvable"] === true,
      reasons: Array.isArray(gate["reasons"]) ? gate["reasons"].map(String) : [],
    })),
    replayed: Number(book["replayed"]),
    resources: listOf(book["replay"]).map((row) => ({
      category: textOf(row["category"]) ?? "",
      resource: textOf(row["resource"]),
      requests: Number(row["requests"]),
      before: textOf(row["before"]),
      after: textOf(row["after"]),
      difference: textOf(row["difference"]),
      lost: Number(row["lost"]),
    })),
  };
}
