import { PayiCategories, type PayiInstrumentConfig } from "@payi/core";
import { type Request } from "express";

/** True when the starter has put the provider simulator in the place of the real providers. */
export function isSimulated(): boolean {
  return process.env["SIMULATOR_URL"] !== undefined;
}

/** Whose prices the simulator's answers have: a host of its own is unpriced until somebody says so. */
export function simulatedHosts(): NonNullable<PayiInstrumentConfig["hostMappings"]> {
  const { ANTHROPIC_BASE_URL: anthropic, OPENAI_BASE_URL: openai } = process.env;
  return {
    ...(anthropic === undefined ? {} : { [anthropic]: { priceAsCategory: PayiCategories.anthropic } }),
    ...(openai === undefined ? {} : { [openai]: { priceAsCategory: PayiCategories.openai } }),
  };
}

/** The page's "make it fail" choice on its way to the simulator. A real provider never sees it. */
export function forwardFaults(request: Request): Readonly<Record<string, string>> {
  const faults = request.get("x-simulate");
  return isSimulated() && faults !== undefined ? { "x-simulate": faults } : {};
}
