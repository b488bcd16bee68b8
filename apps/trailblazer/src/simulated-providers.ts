import { type ModelMapping, PayiCategories, type PayiInstrumentConfig } from "@payi/core";

import { CLAUDE_MODELS, GPT_MODELS } from "./providers.ts";
import { type ReadHeader } from "./routes/feature-options.ts";

/** True when the starter has put the provider simulator in the place of the real providers. */
export function isSimulated(): boolean {
  return process.env["SIMULATOR_URL"] !== undefined;
}

/** The simulator's answers have the real providers' prices; a host that nobody mapped would have none. */
export function simulatedPrices(): PayiInstrumentConfig {
  return {
    anthropicConfig: {
      modelMappings: CLAUDE_MODELS.map((model) => pricedAs(model, PayiCategories.anthropic)),
    },
    openaiConfig: { modelMappings: GPT_MODELS.map((model) => pricedAs(model, PayiCategories.openai)) },
  };
}

function pricedAs(model: string, priceAsCategory: string): ModelMapping {
  return { model, priceAsCategory };
}

/** The page's "make it fail" choice on its way to the simulator. A real provider never sees it. */
export function forwardFaults(header: ReadHeader): Readonly<Record<string, string>> {
  const faults = header("x-simulate");
  return isSimulated() && faults !== undefined ? { "x-simulate": faults } : {};
}
