import { Readable } from "node:stream";

import { WireError, show } from "@payi/core/wire";
import { type FastifyReply } from "fastify";
import { Type, type TProperties } from "typebox";

import { nonBlank } from "./analytics-query.ts";
import { Choice } from "./api/answer-shapes.ts";
import { type Cell, csvLine } from "./csv.ts";
import { type Query } from "./paging.ts";

/** The parameter that {@link wantsCsv} reads. */
export const FORMAT_QUERY: TProperties = {
  format: Type.Optional(Choice("json", "csv")),
};

/** Whether the answer is to be a table. @throws {WireError} for another format. */
export function wantsCsv(query: Query, byDefault = "json"): boolean {
  const format = nonBlank(query, "format") ?? byDefault;
  if (format === "csv" || format === "json") return format === "csv";
  throw new WireError("request_processing_error", `format must be json or csv, got ${show(format)}.`);
}

/** Sends a table line by line, as a file of this name; the first line is its header. */
export function sendCsv(
  reply: FastifyReply,
  name: string,
  lines: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): FastifyReply {
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name.replaceAll(/[^\w.-]+/g, "_")}.csv"`)
    .send(Readable.from(toText(lines)));
}

async function* toText(
  lines: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>,
): AsyncIterable<string> {
  for await (const line of lines) yield csvLine(line);
}
