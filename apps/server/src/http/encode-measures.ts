import { formatMoney, fromPico } from "@payi/core/cost";
import { type Measures } from "@payi/core/wire";

import { type Sums } from "../store/sums.ts";

/** Sums as they stand on the wire: money as exact text, null where no request is priced. */
export function toMeasures(sums: Sums): Measures {
  const priced = sums.requests > sums.unpriced;
  return {
    requests: sums.requests,
    errors: sums.errors,
    blocked: sums.blocked,
    unpriced: sums.unpriced,
    cost: priced ? formatMoney(fromPico(sums.cost)) : null,
    cost_input: priced ? formatMoney(fromPico(sums.costInput)) : null,
    cost_output: priced ? formatMoney(fromPico(sums.cost - sums.costInput)) : null,
    tokens_input: sums.tokensInput,
    tokens_output: sums.tokensOutput,
    latency_ms: sums.latencyCount === 0 ? null : sums.latencySum / sums.latencyCount,
  };
}
