import { readFile } from "node:fs/promises";

import { WireError } from "@payi/core/wire";

import { activateBook, compareWithActive } from "../domain/price-books.ts";
import { addCandidate } from "../domain/price-candidate.ts";
import { type GateReport } from "../domain/price-gates.ts";
import { openPrices } from "../domain/prices.ts";
import { readUpload } from "../http/price-book-input.ts";
import { type StoredPriceBook } from "../store/price.ts";
import { type Store } from "../store/store.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const USAGE =
  "Use payi price-books list, payi price-books import FILE [--format payi|litellm] [--name NAME] or payi price-books activate ID [--approve].";
const ACTOR = "command line";
const MOST_LISTED = 100;

/** `payi price-books …`: without a network, beside a running server or without one. */
export async function priceBooks(args: readonly string[]): Promise<number> {
  const read = readArguments(args, {
    format: { type: "string" },
    name: { type: "string" },
    approve: { type: "boolean" },
  });
  const [action = "list", given] = read.words;
  try {
    return await withStore(async (store) => {
      if (action === "list") return await list(store);
      if (given === undefined) throw new SettingError(`Something is missing after ${action}. ${USAGE}`);
      if (action === "import") return await importBook(store, given, read.options);
      if (action === "activate") return await activate(store, given, read.options["approve"] === true);
      throw new SettingError(`payi price-books ${action} is unknown. ${USAGE}`);
    });
  } catch (error) {
    if (WireError.is(error)) throw new SettingError(error.message);
    throw error;
  }
}

async function list(store: Store): Promise<number> {
  await openPrices(store);
  const { items } = await store.priceBooks({ limit: MOST_LISTED, ascending: false, after: undefined });
  process.stdout.write(items.map(describe).join(""));
  return 0;
}

async function importBook(store: Store, file: string, options: Arguments["options"]): Promise<number> {
  const text = (name: string): string | undefined => options[name]?.toString();
  const query = { format: text("format"), name: text("name") };
  const { document, imported } = readUpload(query, await readDocument(file));
  const context = { store, prices: await openPrices(store) };
  const { value, book } = await addCandidate(context, document, ACTOR);
  const report = await compareWithActive(context, value, book);
  process.stdout.write(describe(value));
  if (imported !== undefined) {
    process.stdout.write(
      `${imported.imported_resources} resources taken, ${imported.left_out_count} entries and fields left out\n`,
    );
    for (const { name, field, reason } of imported.left_out)
      process.stdout.write(`  left out: ${name}${field === undefined ? "" : ` ${field}`}: ${reason}\n`);
  }
  process.stdout.write(verdict(report));
  return 0;
}

async function activate(store: Store, id: string, approve: boolean): Promise<number> {
  const stored = await store.priceBook(id);
  if (stored === undefined) throw new SettingError(`There is no price book ${id}. ${USAGE}`);
  const context = { store, prices: await openPrices(store) };
  const { book } = await activateBook(context, stored, { actor: ACTOR, approve });
  process.stdout.write(describe(book));
  return 0;
}

async function readDocument(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingError(`${file} cannot be read as JSON: ${reason}`);
  }
}

function describe(book: StoredPriceBook): string {
  const state = book.active ? "in force" : book.activations.length > 0 ? "was in force" : "candidate";
  return `${book.id}  ${state}  ${book.kind}  ${book.name}\n`;
}

function verdict(report: GateReport | undefined): string {
  if (report === undefined) return "It is the book in force.\n";
  const gates = report.gates.map(({ gate, passed, approvable, reasons }) => {
    const state = passed ? "passes" : approvable ? "wants --approve" : "refuses";
    return [`  ${gate}: ${state}`, ...reasons.map((reason) => `    ${reason}`)].join("\n");
  });
  return `Compared with ${report.compared_with}; nothing is priced with it before it is activated.\n${gates.join("\n")}\n`;
}
