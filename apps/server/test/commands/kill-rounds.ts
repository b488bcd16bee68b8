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
}

/** Provider's id → the id that was acknowledged. */
export type Acknowledged = ReadonlyMap<string, string>;

/**
 * Clients that repeat each event until it is acknowledged, against a server that is killed with SIGKILL and started
 * again. Resolves once every event was acknowledged and the last server has stopped.
 */
export async function runKillRounds({ environment, events, kills }: Rounds): Promise<Acknowledged> {
  const settings = { ...environment, PAYI_API_KEY: KEY, PORT: "0" };
  let child = startPayi(["serve"], settings);
  let url = await listening(child);
  const acknowledged = new Map<string, string>();
  const giveUp = new AbortController();
  let next = 0;

  async function client(): Promise<void> {
    while (next < events && !giveUp.signal.aborted) {
      const number = next;
      next += 1;
      const id = `event-${number}`;
      const context = { use_case_name: "killed", use_case_id: `i-${number % 7}`, user_id: "u" };
      const event = sonnet({ ...context, provider_response_id: id });
      while (!acknowledged.has(id) && !giveUp.signal.aborted) {
        try {
          const answer = await request(`${url}/api/v1/ingest`, "POST", event, { "xproxy-api-key": KEY });
          if (answer.status === 200) acknowledged.set(id, answer.body.request_id);
        } catch {
          await sleep(20);
        }
      }
    }
  }

  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      while (acknowledged.size < (kill * events) / (kills + 1)) await sleep(1);
      await stop(child, "SIGKILL");
      child = startPayi(["serve"], settings);
      url = await listening(child);
    }
  } catch (error) {
    giveUp.abort();
    throw error;
  }
  await clients;
  await stop(child, "SIGTERM");
  return acknowledged;
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
