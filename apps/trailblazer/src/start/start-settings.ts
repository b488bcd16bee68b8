import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { readPort } from "../process/listen.ts";

/** What the starter was asked for, by arguments and environment. */
export interface StartSettings {
  readonly port: number;
  readonly trailblazerPort: number;
  readonly simulatorPort: number;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly apiKey: string | undefined;
  /** No provider key is set. */
  readonly simulated: boolean;
  /** Days of demo history to load. */
  readonly seedDays: number | undefined;
}

const USAGE = "Use --seed [days] to load some days of demo history (7 without a number).";

/** @throws {RangeError} naming the argument or variable, its value and the rule. */
export function readStartSettings(args: readonly string[]): StartSettings {
  const environment = process.env;
  const repository = fileURLToPath(new URL("../../../../", import.meta.url));
  return {
    port: readPort("PORT", 4470),
    trailblazerPort: readPort("TRAILBLAZER_PORT", 4471),
    simulatorPort: readPort("SIMULATOR_PORT", 4472),
    dataDirectory: resolve(repository, environment["PAYI_DATA_DIR"] || ".payi"),
    apiKey: environment["PAYI_API_KEY"] || undefined,
    simulated: !environment["ANTHROPIC_API_KEY"] && !environment["OPENAI_API_KEY"],
    seedDays: readSeedDays(args),
  };
}

const MOST_DAYS = 90;

function readSeedDays(args: readonly string[]): number | undefined {
  // `--seed` alone is seven days; parseArgs wants a value after it.
  const given = args.flatMap((arg, index) =>
    arg === "--seed" && isOption(args[index + 1]) ? [arg, "7"] : [arg],
  );
  let seed: string | undefined;
  try {
    ({ seed } = parseArgs({ args: given, options: { seed: { type: "string" } } }).values);
  } catch (error) {
    throw new RangeError(`${error instanceof Error ? error.message : String(error)}. ${USAGE}`, {
      cause: error,
    });
  }
  if (seed === undefined) return undefined;
  const days = Number(seed);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return days;
  throw new RangeError(`--seed ${seed} is not a whole number from 1 to ${MOST_DAYS}. ${USAGE}`);
}

/** No value: nothing, or the next option. */
function isOption(text: string | undefined): boolean {
  return text === undefined || text.startsWith("--");
}
