import { styleText } from "node:util";

import { type StartSettings } from "./start-settings.ts";

/** What the starter says once everything runs. Plain text where the output is no terminal. */
export function welcome(settings: StartSettings): string {
  const { port, trailblazerPort, simulatorPort, dataDirectory } = settings;
  const keyPlace =
    settings.apiKey === undefined ? `${dataDirectory}/development-key` : "the one in PAYI_API_KEY";
  const providers = settings.simulated
    ? `simulated, nothing leaves this machine; their bill: http://localhost:${simulatorPort}/ledger`
    : "the real ones: your provider key is set, and every answer costs money";
  const rows: readonly (readonly [string, string])[] = [
    ["Trailblazer", `http://localhost:${trailblazerPort}`],
    ["Dashboard", `http://localhost:${port}`],
    ["Providers", providers],
    ["API key", keyPlace],
    ["Data", dataDirectory],
  ];
  return [
    "",
    styleText("bold", "Payi is running."),
    "",
    ...rows.map(([name, value]) => `  ${styleText("dim", name.padEnd(13))}${value}`),
    "",
    "1. Open Trailblazer: find a trail, show it a photo, plan a trip. Each model call appears below when it is metered.",
    "2. Open the dashboard: four use cases, each answer with its user, tokens, exact cost and KPIs.",
    "3. Let a search fail, stop one half-way, rate one, and look again.",
    ...(settings.seedDays === undefined
      ? ["   For charts with a shape: start with --seed, or press the button on the empty dashboard."]
      : []),
    "",
    styleText("dim", "Ctrl-C stops everything. The data stays; delete its folder to begin anew."),
    "",
  ].join("\n");
}
