/** Additive measures over a set of requests; money in pico-dollars over the priced ones. */
export interface Sums {
  readonly requests: number;
  readonly errors: number;
  readonly blocked: number;
  readonly unpriced: number;
  readonly tokensInput: number;
  readonly tokensOutput: number;
  readonly cost: bigint;
  readonly costInput: bigint;
  readonly latencySum: number;
  /** Requests that told a latency. */
  readonly latencyCount: number;
}

/** The sums of nothing. */
export const NO_SUMS: Sums = {
  requests: 0,
  errors: 0,
  blocked: 0,
  unpriced: 0,
  tokensInput: 0,
  tokensOutput: 0,
  cost: 0n,
  costInput: 0n,
  latencySum: 0,
  latencyCount: 0,
};

/** Both sets together; the sets must be disjoint. */
export function addSums(left: Sums, right: Sums): Sums {
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    blocked: left.blocked + right.blocked,
    unpriced: left.unpriced + right.unpriced,
    tokensInput: left.tokensInput + right.tokensInput,
    tokensOutput: left.tokensOutput + right.tokensOutput,
    cost: left.cost + right.cost,
    costInput: left.costInput + right.costInput,
    latencySum: left.latencySum + right.latencySum,
    latencyCount: left.latencyCount + right.latencyCount,
  };
}

/** What takes `sums` away again when it is added. */
export function negateSums(sums: Sums): Sums {
  return {
    requests: -sums.requests,
    errors: -sums.errors,
    blocked: -sums.blocked,
    unpriced: -sums.unpriced,
    tokensInput: -sums.tokensInput,
    tokensOutput: -sums.tokensOutput,
    cost: -sums.cost,
    costInput: -sums.costInput,
    latencySum: -sums.latencySum,
    latencyCount: -sums.latencyCount,
  };
}

/** Sums that are being added up. */
export type MutableSums = { -readonly [Name in keyof Sums]: Sums[Name] };

/** Adds `delta` in place. */
export function accumulate(sums: MutableSums, delta: Sums): void {
  sums.requests += delta.requests;
  sums.errors += delta.errors;
  sums.blocked += delta.blocked;
  sums.unpriced += delta.unpriced;
  sums.tokensInput += delta.tokensInput;
  sums.tokensOutput += delta.tokensOutput;
  sums.cost += delta.cost;
  sums.costInput += delta.costInput;
  sums.latencySum += delta.latencySum;
  sums.latencyCount += delta.latencyCount;
}
