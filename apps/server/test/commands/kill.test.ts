/* oxlint-disable no-await-in-loop -- a retrying client does one attempt after the other */
import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { request, sonnet } from "../support.ts";
import { listening, makeFolder, payi, startPayi, stop } from "./support.ts";

const EVENTS = 1000;
const CLIENTS = 16;
const KILLS = 3;

test("kill -9 in the middle of 1,000 ingests loses no acknowledged event and counts none twice", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: "retrying" };
  let child = startPayi(["serve"], { ...environment, PORT: "0" });
  let url = await listening(child);
  const acknowledged = new Map<string, string>();
  let next = 0;
  const giveUp = new AbortController();

  /** Sends the next event until it is acknowledged, wherever the server then is. */
  async function client(): Promise<void> {
    while (next < EVENTS && !giveUp.signal.aborted) {
      const id = `event-${next}`;
      next += 1;
      const event = sonnet({
        provider_response_id: id,
        use_case_name: "killed",
        use_case_id: `i-${next % 7}`,
        user_id: "u",
      });
      while (!acknowledged.has(id) && !giveUp.signal.aborted) {
        try {
          const answer = await request(`${url}/api/v1/ingest`, "POST", event, {
            "xproxy-api-key": "retrying",
          });
          if (answer.status === 200) acknowledged.set(id, answer.body.request_id);
        } catch {
          await sleep(20);
        }
      }
    }
  }

  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  for (let kill = 1; kill <= KILLS; kill += 1) {
    while (acknowledged.size < (kill * EVENTS) / (KILLS + 1)) await sleep(1);
    await stop(child, "SIGKILL");
    child = startPayi(["serve"], { ...environment, PORT: "0" });
    url = await listening(child).catch((error: unknown) => {
      giveUp.abort();
      throw error;
    });
  }
  await clients;
  expect(acknowledged.size).toBe(EVENTS);
  await stop(child, "SIGTERM");

  const store = await openSqliteStore(`${folder.path}/payi.sqlite`);
  const span = { application: "default", fromMs: 0, toMs: Date.now() + 1000, filter: {} };
  const { items } = await store.events(span, { limit: EVENTS + 100, ascending: true, after: undefined });
  expect(new Map(items.map((event) => [event.providerResponseId, event.id]))).toEqual(acknowledged);
  expect(items).toHaveLength(EVENTS);
  const { total } = await store.breakdown({ ...span, groupBy: "use_case", limit: 1 });
  expect(total).toMatchObject({ requests: EVENTS, cost: 4_500_000_000n * BigInt(EVENTS) });
  await store.close();
  expect(await payi(["verify"], environment)).toMatchObject({ code: 0, error: "" });
}, 60_000);
