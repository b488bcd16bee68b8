import { setTimeout as sleep } from "node:timers/promises";

import { type Store } from "../../src/store/store.ts";
import { request, sonnet } from "../support.ts";
import { listening, startPayi, stop } from "./support.ts";

const KEY = "key-of-retrying-clients";
const CLIENTS = 16;
/** What one event costs, in pico-dollars. */
const COST = 4_500_000_000n;

/** How often the server is killed, and how many events are sent meanwhile. */
export interface Rounds {
  readonly environment: Record<string, string>;
  readonly events: number;
  readonly kills: number;
  /** Events of one request; 1 by default. */
  readonly together?: number;
}

/** Provider's id → the id that was acknowledged. */
export type Acknowledged = ReadonlyMap<string, string>;

/** What was acknowledged, and how many events a second while a server listened. */
export interface KillRun {
  readonly acknowledged: Acknowledged;
  readonly perSecond: number;
}

/**
 * Clients that repeat each event until it is acknowledged, against a server that is killed with SIGKILL and started
 * again. Resolves once every event was acknowledged and the last server has stopped.
 */
export async function runKillRounds({ environment, events, kills, together = 1 }: Rounds): Promise<KillRun> {
  const settings = { ...environment, PAYI_API_KEY: KEY, PORT: "0" };
  let child = startPayi(["serve"], settings);
  let url = await listening(child);
  let [upMs, upSince] = [0, performance.now()];
  const acknowledged = new Map<string, string>();
  const giveUp = new AbortController();
  let next = 0;

  async function client(): Promise<void> {
    while (next < events && !giveUp.signal.aborted) {
      const first = next;
      next = Math.min(next + together, events);
      const ids = Array.from({ length: next - first }, (_, index) => `event-${first + index}`);
      const batch = ids.map((id, index) => {
        const context = { use_case_name: "killed", use_case_id: `i-${(first + index) % 7}`, user_id: "u" };
        return sonnet({ ...context, provider_response_id: id });
      });
      while (!ids.every((id) => acknowledged.has(id)) && !giveUp.signal.aborted) {
        try {
          const told = await send(batch);
          for (const [index, id] of ids.entries()) {
            const requestId = told[index];
            if (requestId !== undefined) acknowledged.set(id, requestId);
          }
        } catch {
          await sleep(20);
        }
      }
    }
  }

  /** What each of them was recorded as; nothing where the server did not say so. */
  async function send(batch: readonly unknown[]): Promise<readonly (string | undefined)[]> {
    const isOne = together === 1;
    const path = isOne ? "ingest" : "ingest/bulk";
    const headers = { "xproxy-api-key": KEY };
    const { status, body } = await request(
      `${url}/api/v1/${path}`,
      "POST",
      isOne ? batch[0] : batch,
      headers,
    );
    if (status !== 200) return [];
    if (isOne) return [body.request_id];
    const results = body.results as readonly { readonly xproxy_result?: { readonly request_id?: string } }[];
    return results.map((result) => result.xproxy_result?.request_id);
  }

  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      while (acknowledged.size < (kill * events) / (kills + 1)) await sleep(1);
      await stop(child, "SIGKILL");
      upMs += performance.now() - upSince;
      child = startPayi(["serve"], settings);
      url = await listening(child);
      upSince = performance.now();
    }
  } catch (error) {
    giveUp.abort();
    throw error;
  }
  await clients;
  upMs += performance.now() - upSince;
  await stop(child, "SIGTERM");
  return { acknowledged, perSecond: Math.round((acknowledged.size / upMs) * 1000) };
}

/** What differs between the store and what was acknowledged; all 0 and nothing found when the promise was kept. */
export async function compare(store: Store, acknowledged: Acknowledged): Promise<Record<string, number>> {
  const span = { application: "default", fromMs: 0, toMs: Date.now() + 1000, filter: {} };
  const recorded = new Map<string, string>();
  let [rows, after] = [0, undefined as { readonly order: number; readonly id: string } | undefined];
  do {
    const page = await store.events(span, { limit: 1000, ascending: true, after });
    for (const event of page.items) recorded.set(event.providerResponseId ?? "", event.id);
    rows += page.items.length;
    after = page.next;
  } while (after !== undefined);
  const { total } = await store.breakdown({ ...span, groupBy: "use_case", limit: 1 });
  const lost = [...acknowledged].filter(([id, requestId]) => recorded.get(id) !== requestId);
  return {
    lost: lost.length,
    duplicates: rows - recorded.size,
    miscounted: Math.abs(total.requests - acknowledged.size),
    mispriced: Number(total.cost - COST * BigInt(acknowledged.size)),
    findings: (await store.verify()).length,
  };
}
