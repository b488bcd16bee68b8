import { WireError } from "@payi/core/wire";

import { type LeftOut, readLitellmBook } from "../domain/litellm-book.ts";
import { type BookDocument, readBookDocument } from "../domain/price-book-document.ts";
import { nonBlank } from "./analytics-query.ts";
import { type Query } from "./paging.ts";

const MOST_SHOWN = 500;

/** What an import took, in the words of the wire. `left_out` is cut off; `left_out_count` is not. */
interface ImportReport {
  readonly imported_resources: number;
  readonly left_out_count: number;
  readonly left_out: readonly LeftOut[];
}

/** An uploaded document, and for one of another shape what was taken of it. */
export interface Upload {
  readonly document: BookDocument;
  readonly imported: ImportReport | undefined;
}

/**
 * Reads `POST /price-books`: our own document, or with `?format=litellm` a LiteLLM price file.
 *
 * @throws {WireError} `invalid_price_book`.
 */
export function readUpload(query: Query, body: unknown): Upload {
  const format = nonBlank(query, "format") ?? "payi";
  if (format === "payi") return { document: readBookDocument(body), imported: undefined };
  if (format !== "litellm") {
    throw new WireError(
      "invalid_price_book",
      `format=${JSON.stringify(format)} is unknown. Use payi (the default) or litellm.`,
    );
  }
  const { layer, resources, leftOut } = readLitellmBook(body, new Date().toISOString().slice(0, 10));
  return {
    document: { name: nonBlank(query, "name") ?? "imported from LiteLLM", layer },
    imported: {
      imported_resources: resources,
      left_out_count: leftOut.length,
      left_out: leftOut.slice(0, MOST_SHOWN),
    },
  };
}
