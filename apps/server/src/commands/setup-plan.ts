import { type Change } from "../setup/change.ts";
import { loadConfig } from "../setup/load-config.ts";
import { planSetup } from "../setup/plan-setup.ts";
import { Platform } from "../setup/platform.ts";
import { readSetup } from "../setup/read-setup.ts";
import { SettingError } from "./setting-error.ts";

/** Reads the configuration and compares it with the platform of PAYI_BASE_URL. @throws {SettingError} */
export async function openPlan(
  file: string | undefined,
  prune: boolean,
): Promise<{ readonly platform: Platform; readonly changes: readonly Change[] }> {
  const setup = readSetup(await loadConfig(file, process.cwd()));
  const apiKey = process.env["PAYI_API_KEY"];
  if (apiKey === undefined || apiKey === "") {
    throw new SettingError(
      "No API key: set PAYI_API_KEY. payi keys list shows those of a platform; a development key is in <PAYI_DATA_DIR>/development-key.",
    );
  }
  const baseUrl = (process.env["PAYI_BASE_URL"] ?? "http://localhost:4470").replace(/(?<!\/)\/+$/, "");
  if (!/^https?:\/\/./.test(baseUrl)) {
    throw new SettingError(`PAYI_BASE_URL=${baseUrl} is no http(s) address, such as http://localhost:4470.`);
  }
  const platform = new Platform(baseUrl, apiKey);
  return { platform, changes: await planSetup(platform, setup, { prune }) };
}
