/* oxlint-disable no-await-in-loop -- a day after the other, so that a running server gets its turns in between */
import { WireError } from "@payi/core/wire";

import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const DAY_MS = 86_400_000;
const TEXT = { type: "string" } as const;

/**
 * `payi rebuild --from DAY [--to DAY] [--application ID]`: totals of these days (UTC, both included) again from the
 * events, each day in one transaction beside a running server; then verified. Exit code 1 when something still differs.
 */
export async function rebuild(args: readonly string[]): Promise<number> {
  const { options } = readArguments(args, { from: TEXT, to: TEXT, application: TEXT });
  const from = readDay("--from", options["from"]);
  const to = options["to"] === undefined ? from : readDay("--to", options["to"]);
  if (to < from) throw new SettingError("--to is before --from. Turn them round.");
  const application = String(options["application"] ?? DEFAULT_APPLICATION);
  return withStore(async (store) => {
    // Latest first: totals of a declared property are whole from a day on, which each day before it carries back.
    for (let day = to; day >= from; day -= 1) {
      const events = await store.rebuildDay(application, day).catch(toSettingError);
      process.stdout.write(`${new Date(day * DAY_MS).toISOString().slice(0, 10)}  ${events} events\n`);
    }
    const findings = await store.verify();
    for (const { invariant, row, expected, found } of findings) {
      process.stdout.write(`${invariant}: ${row}\n  expected ${expected}\n  found    ${found}\n`);
    }
    if (findings.length > 0) return 1;
    process.stdout.write("Ledger, counters and rollups are what the events say.\n");
    return 0;
  });
}

function toSettingError(error: unknown): never {
  throw WireError.is(error) ? new SettingError(error.message) : error;
}

/** Whole days since 1970. */
function readDay(name: string, given: string | boolean | undefined): number {
  const text = typeof given === "string" ? given : "";
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs / DAY_MS;
  throw new SettingError(
    `${name} is ${text === "" ? "missing" : JSON.stringify(text)}; it is a day such as 2026-11-21. Use payi rebuild --from DAY [--to DAY].`,
  );
}
