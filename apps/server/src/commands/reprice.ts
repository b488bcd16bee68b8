import { WireError } from "@payi/core/wire";

import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { openPrices } from "../domain/prices.ts";
import { type RepriceReport, type RepriceRow } from "../domain/reprice-report.ts";
import { continueReprice, createReprice, previewReprice } from "../domain/reprice.ts";
import { readRepriceScope } from "../http/reprice-input.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const TEXT = { type: "string" } as const;

/** `payi reprice --from … [--to …] [--category …] [--resource …] [--use-case …] [--dry-run]`. */
export async function reprice(args: readonly string[]): Promise<number> {
  const { options } = readArguments(args, {
    from: TEXT,
    to: TEXT,
    category: TEXT,
    resource: TEXT,
    "use-case": TEXT,
    "dry-run": { type: "boolean" },
  });
  const scope = readScope({ ...options, use_case_name: options["use-case"] });
  return withStore(async (store) => {
    const context = { store, prices: await openPrices(store) };
    if (options["dry-run"] === true) {
      const { book, report } = await previewReprice(context, DEFAULT_APPLICATION, scope);
      print(`With the price book ${book} this would change:`, report);
      return 0;
    }
    const wanted = { application: DEFAULT_APPLICATION, actor: "command line", scope, reason: "re-priced" };
    const job = await createReprice(context, wanted);
    const report = await continueReprice(context, job);
    print(`Re-pricing ${job.id} with the price book ${job.book}:`, report);
    return 0;
  });
}

function readScope(given: object): ReturnType<typeof readRepriceScope> {
  try {
    return readRepriceScope(given, Date.now());
  } catch (error) {
    if (WireError.is(error))
      throw new SettingError(`${error.message} Use payi reprice --from TIME [--to TIME].`);
    throw error;
  }
}

function print(title: string, report: RepriceReport): void {
  const lines = [
    title,
    describe("all", report),
    ...report.by_resource.map((row) => describe(`${row.category} ${row.resource ?? "–"}`, row)),
    ...report.by_use_case.map((row) => describe(`use case ${row.use_case_name ?? "–"}`, row)),
    ...report.by_limit.map((row) => describe(`limit ${row.limit_id}`, row)),
    ...report.by_month.map((row) =>
      describe(row.adjustment ? `adjustment to ${row.month}` : `month ${row.month}`, row),
    ),
    `${report.examined} requests looked at, ${report.still_unpriced} still without a price, ${report.kept} kept the cost they had`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function describe(name: string, row: RepriceRow): string {
  const sign = row.difference.startsWith("-") ? "" : "+";
  const fresh = row.newly_priced === 0 ? "" : `, ${row.newly_priced} priced for the first time`;
  return `  ${name}: ${sign}${row.difference} USD (${row.before} → ${row.after}) in ${row.requests} requests${fresh}`;
}
