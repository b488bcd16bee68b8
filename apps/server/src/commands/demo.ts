import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { HEADER, decodeApiError } from "@payi/core/wire";

import { SettingError } from "./setting-error.ts";
import { readSettings } from "./settings.ts";

const USAGE = "Use payi demo load [--days 7], or payi demo remove.";

/**
 * `payi demo load [--days 7]` and `payi demo remove`: asks a running platform to load or remove its demo data.
 *
 * @throws {SettingError} when the arguments are wrong, or the platform cannot be reached or refuses.
 */
export async function demo(args: readonly string[]): Promise<number> {
  const { action, days } = readArguments(args);
  if (action === "load") {
    await call("POST", { days });
    process.stdout.write(`Demo data of ${days} days is loaded. payi demo remove takes it away again.\n`);
  } else {
    await call("DELETE");
    process.stdout.write("The demo data is removed.\n");
  }
  return 0;
}

const MOST_DAYS = 90;

function readArguments(args: readonly string[]): { action: "load" | "remove"; days: number } {
  let parsed;
  try {
    const options = { days: { type: "string", default: "7" } } as const;
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new SettingError(`${error instanceof Error ? error.message : String(error)} ${USAGE}`);
  }
  const [action, ...more] = parsed.positionals;
  if ((action !== "load" && action !== "remove") || more.length > 0) {
    throw new SettingError(`payi demo cannot do ${JSON.stringify(parsed.positionals.join(" "))}. ${USAGE}`);
  }
  const days = Number(parsed.values.days);
  if (Number.isInteger(days) && days >= 1 && days <= MOST_DAYS) return { action, days };
  throw new SettingError(
    `--days=${parsed.values.days} is not a whole number from 1 to ${MOST_DAYS}. ${USAGE}`,
  );
}

async function call(method: "POST" | "DELETE", body?: object): Promise<void> {
  const settings = readSettings(process.env);
  const baseUrl = process.env["PAYI_BASE_URL"] || `http://localhost:${settings.port}`;
  const key = settings.apiKey ?? readDevelopmentKey(settings.dataDirectory);
  const headers = { [HEADER.apiKey]: key, "content-type": "application/json" };
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/api/v1/demo`, { method, headers, body: JSON.stringify(body ?? {}) });
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
    throw new SettingError(
      `No platform answers at ${baseUrl}${reason}. Start it with payi serve, or set PAYI_BASE_URL or PORT to where it is.`,
    );
  }
  if (response.ok) return;
  const { code, message } = decodeApiError(await response.json().catch(() => undefined));
  throw new SettingError(`${baseUrl} refused with ${response.status} ${code}: ${message}`);
}

function readDevelopmentKey(dataDirectory: string): string {
  const file = join(dataDirectory, "development-key");
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new SettingError(
      `No API key: ${file} cannot be read. Set PAYI_API_KEY, or PAYI_DATA_DIR to the platform's data folder.`,
    );
  }
}
