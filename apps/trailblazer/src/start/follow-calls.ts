import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";

import { type RequestSummary } from "@payi/core/wire";

/** Where the platform is, and with which key. */
export interface Platform {
  readonly url: string;
  readonly apiKey: string;
}

const AGAIN_MS = 1000;

/** Calls `seen` for every call that the platform records from now on; comes back after a lost connection. */
export async function followCalls(
  { url, apiKey }: Platform,
  seen: (call: RequestSummary) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId = "";
  /* oxlint-disable no-await-in-loop -- one connection after the other */
  while (!signal.aborted) {
    try {
      const response = await fetch(`${url}/api/v1/events/stream`, {
        headers: { "xproxy-api-key": apiKey, ...(lastId === "" ? {} : { "last-event-id": lastId }) },
        signal,
      });
      if (response.body === null) continue;
      let kind = "";
      for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
        const [field, value = ""] = line.split(/: (.*)/s, 2);
        if (field === "event") kind = value;
        else if (field === "id") lastId = value;
        else if (field === "data" && kind === "request") seen(JSON.parse(value) as RequestSummary);
      }
    } catch {
      // Lost; asked again below.
    }
    await setTimeout(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  /* oxlint-enable no-await-in-loop */
}

/** One call on one line: use case, user, model, tokens, cost, how long. */
export function describeCall(call: RequestSummary): string {
  const who = [call.user_id, call.account_name].filter((part) => part !== null).join("@");
  const cost = call.cost === null ? "unpriced" : `$${call.cost}`;
  const tokens = `${count(call.tokens_input)} in ${count(call.tokens_output)} out`;
  const took = call.latency_ms === null ? "" : `${(call.latency_ms / 1000).toFixed(1)} s`;
  return [
    call.time.slice(11, 19),
    (call.use_case_name ?? "–").padEnd(16),
    (who === "" ? "–" : who).padEnd(18),
    (call.resource ?? "–").padEnd(26),
    tokens.padStart(20),
    cost.padStart(12),
    took.padStart(7),
    troubleOf(call),
  ]
    .join("  ")
    .trimEnd();
}

function troubleOf(call: RequestSummary): string {
  if (call.http_status_code !== null && call.http_status_code >= 400) return `HTTP ${call.http_status_code}`;
  return call.outcome === null || call.outcome === "ok" ? "" : call.outcome;
}

function count(tokens: number): string {
  return tokens.toLocaleString("en-US");
}
