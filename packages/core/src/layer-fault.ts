import { getRuntime } from "./runtime.ts";

/** Logs a fault of a layer, as often as other trouble of a kind. Never throws. */
export function noteFault(layer: string, error: unknown): void {
  try {
    getRuntime()?.log.warn(`layer:${layer}`, `@payi/${layer} could not do its part: ${String(error)}`);
  } catch {
    // A logger that throws cannot be told.
  }
}
