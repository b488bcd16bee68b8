/** What one answer consumed, in disjoint counts: `input` holds no cached and no written tokens. */
export interface SimulatedUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteHour: number;
  readonly output: number;
  readonly webSearches: number;
}

export const NO_USAGE: SimulatedUsage = {
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  output: 0,
  webSearches: 0,
};

/** The sum of two usages; what `more` leaves out counts as nothing. */
export function addUsage(usage: SimulatedUsage, more: Partial<SimulatedUsage>): SimulatedUsage {
  return {
    input: usage.input + (more.input ?? 0),
    cacheRead: usage.cacheRead + (more.cacheRead ?? 0),
    cacheWrite: usage.cacheWrite + (more.cacheWrite ?? 0),
    cacheWriteHour: usage.cacheWriteHour + (more.cacheWriteHour ?? 0),
    output: usage.output + (more.output ?? 0),
    webSearches: usage.webSearches + (more.webSearches ?? 0),
  };
}
