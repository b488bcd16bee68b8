const RATIO_LOGARITHM = Math.log(1.1);

/** The logarithmic bin of ratio 1.1 that a latency falls into; bin 0 holds everything up to 1 ms. */
export function latencyBin(latencyMs: number): number {
  return latencyMs <= 1 ? 0 : Math.ceil(Math.log(latencyMs) / RATIO_LOGARITHM - 1e-9);
}
