import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";

import {
  type PriceBook,
  builtInPriceBook,
  price as priceOf,
  readPriceVector,
  toPriceVectorResult,
  withCustomResources,
} from "@payi/core/cost";

import { readArguments } from "./arguments.ts";
import { USAGE_OPTIONS, describesCall, priceTable } from "./price-table.ts";
import { SettingError } from "./setting-error.ts";

const TEXT = `payi price [FILE]: prices calls with the book that ships with Payi; needs no database and no network

  payi price gpt-5 --input 12000 --cached 8000 --output 900 --tier batch
  prints a table with the rates and their sources. Counts are disjoint: --input is what was not cached.
  More: --cache-write, --cache-write-1h, --searches, --scope, --date 2026-09-10, --category system.openai

  Without a file it reads standard input. One call per line as JSON, or one file {"vectors": [ … ]}:
    {"id": "a", "provider": "openai", "model": "gpt-5", "date": "2026-09-10T12:00:00Z",
     "usage": {"text": {"input": 1000, "output": 500, "cache_read": 0, "reasoning_of_output": 0}},
     "modifiers": {"service_tier": "batch"}}
  provider      the category without "system."; or category, in full
  usage         disjoint counts: text.input without cached tokens, text.output with reasoning
  modifiers     service_tier, speed, inference_geo, data_residency, resource_scope, sum_of_calls,
                price_as_category, price_as_resource, custom_resource_versions [{"start", "units": {NAME: {"input", "output"}}}]

  It prints one line per call: {"id", "status", "input", "output", "other", "total", "book", "rates", "warnings"}.
  Amounts are exact decimal text in USD, null where nothing is known; the status says why. A line that cannot be
  read gets {"id", "line", "error"} instead, and the exit code is 1.
`;

/** Together so many characters are written at once. */
const BLOCK = 65_536;

/** `payi price [FILE]`: one JSON line in, one out, in the same order. `payi price MODEL --input …`: a table. */
export async function price(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, { help: { type: "boolean", short: "h" }, ...USAGE_OPTIONS });
  const [file = "-", ...more] = words;
  if (options["help"] === true) {
    process.stdout.write(TEXT);
    return 0;
  }
  if (more.length > 0) {
    throw new SettingError(
      `payi price takes one file or model, not ${words.join(" ")}. Try payi price --help.`,
    );
  }
  if (describesCall(options)) {
    if (file === "-") throw new SettingError("Which model? Try payi price gpt-5 --input 12000 --output 900.");
    const { text, priced } = priceTable(file, options);
    process.stdout.write(text);
    return priced ? 0 : 1;
  }
  const pricer = new LinePricer(builtInPriceBook());
  let text = "";
  for await (const value of readVectors(await openFile(file))) {
    text += pricer.price(value);
    if (text.length < BLOCK) continue;
    await write(text);
    text = "";
  }
  await write(text);
  return pricer.failed ? 1 : 0;
}

/** Prices one vector after another and writes each answer as a line. */
class LinePricer {
  failed = false;
  readonly #book: PriceBook;

  constructor(book: PriceBook) {
    this.#book = book;
  }

  price({ line, value, error }: ReadLine): string {
    try {
      if (error !== undefined) throw new RangeError(error);
      const { id, request, customResources } = readPriceVector(value);
      const book = withCustomResources(this.#book, customResources);
      return `${JSON.stringify(toPriceVectorResult(id, priceOf(request, book)))}\n`;
    } catch (reason) {
      if (!(reason instanceof RangeError)) throw reason;
      this.failed = true;
      const id: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "id") : null;
      return `${JSON.stringify({ id: id ?? null, line, error: reason.message })}\n`;
    }
  }
}

interface ReadLine {
  readonly line: number;
  readonly value: unknown;
  readonly error?: string;
}

/** Lines of JSON; a text whose first line is no JSON of its own is read as one file. */
async function* readVectors(input: Readable): AsyncGenerator<ReadLine> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let line = 0;
  let whole: string[] | undefined;
  for await (const text of lines) {
    line += 1;
    if (whole !== undefined) whole.push(text);
    else if (text.trim() !== "") {
      const read = parse(text, line);
      if (line === 1 && read.error !== undefined) whole = [text];
      else yield* spread(read);
    }
  }
  if (whole === undefined) return;
  const read = parse(whole.join("\n"), 1);
  if (read.error === undefined) {
    yield* spread(read);
    return;
  }
  for (const [at, text] of whole.entries()) if (text.trim() !== "") yield parse(text, at + 1);
}

function* spread(read: ReadLine): Generator<ReadLine> {
  const { value } = read;
  const vectors: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, "vectors") : undefined;
  if (!Array.isArray(vectors)) {
    yield read;
    return;
  }
  for (const vector of vectors as readonly unknown[]) yield { line: read.line, value: vector };
}

function parse(text: string, line: number): ReadLine {
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { line, value: undefined, error: `The line is no JSON: ${reason}` };
  }
}

async function openFile(file: string): Promise<Readable> {
  if (file === "-") return process.stdin;
  try {
    if ((await stat(file)).isDirectory()) throw new Error("it is a folder");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(`${file} cannot be read: ${reason}. Name a file, or - for standard input.`);
  }
  return createReadStream(file, "utf8");
}

async function write(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
}
