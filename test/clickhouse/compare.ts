/**
 * The questions that only events can answer, asked of the copy and of both stores: `pnpm compare [events] [rounds]`.
 * Every answer has to be the same to the last digit; prints medians in milliseconds, how fast the copy was made, and
 * its size.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient } from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";

import { type ClickHouseClient } from "../../apps/server/src/clickhouse/client.ts";
import { copiedSums } from "../../apps/server/src/clickhouse/copied-sums.ts";
import { copyAll, prepareCopy } from "../../apps/server/src/clickhouse/copier.ts";
import { COPY_TABLE } from "../../apps/server/src/clickhouse/schema.ts";
import { type Store } from "../../apps/server/src/store/store.ts";
import { oneBucket } from "../../apps/server/src/store/time-buckets.ts";
import { newEvent, openTestStore } from "../../apps/server/test/store/support.ts";

const [events = "1000000", rounds = "5"] = process.argv.slice(2);
const COUNT = Number(events);
const BATCH = 5000;
const DAYS = 60;
const DAY = 86_400_000;
/** Half of the events, as a month of two is. */
const SPAN = { application: "default", fromMs: (DAYS / 2) * DAY, toMs: DAYS * DAY };

const QUESTIONS = [
  { name: "by user, within a use case", groupBy: "user", filter: { useCase: "use-case-3" } },
  { name: "by property", groupBy: "property:tier", filter: {} },
  { name: "by model, within a property", groupBy: "resource", filter: { properties: [["tier", "gold"]] } },
  {
    name: "by property, within account and outcome",
    groupBy: "property:region",
    filter: { account: "a-7", outcome: "ok" },
  },
] as const;

const folder = mkdtempSync(join(tmpdir(), "payi-clickhouse-"));
const client = createClient({ connection: createChdbConnection({ path: folder }) });
const copy = client as unknown as ClickHouseClient;
const stores = { sqlite: await openTestStore("sqlite"), postgres: await openTestStore("postgres") };
try {
  await prepareCopy(copy);
  for (const store of Object.values(stores)) await fill(store);
  const started = performance.now();
  const copied = await copyAll(stores.sqlite, copy, "default");
  const copiedPerSecond = Math.round((copied / (performance.now() - started)) * 1000);
  const [size] = await (
    await client.query({
      query: `SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE table = '${COPY_TABLE}' AND active`,
      format: "JSONEachRow",
    })
  ).json<{ bytes: string }>();
  const sqliteMib = Math.round(statSync(stores.sqlite.place).size / 2 ** 20);
  console.log(
    JSON.stringify({
      events: copied,
      copiedPerSecond,
      copyMib: Math.round(Number(size?.bytes) / 2 ** 20),
      sqliteMib,
    }),
  );
  for (const { name, groupBy, filter } of QUESTIONS) {
    const span = { ...SPAN, filter };
    const times: Record<string, number[]> = { sqlite: [], postgres: [], clickhouse: [] };
    for (let round = 0; round < Number(rounds); round += 1) {
      const answers = [];
      for (const [engine, store] of Object.entries(stores)) {
        answers.push(
          (await timed(times[engine], () => store.breakdown({ ...span, groupBy, limit: 100_000 }))).rows,
        );
      }
      const sums = await timed(times["clickhouse"], () =>
        copiedSums(stores.sqlite, copy, span, groupBy, oneBucket(SPAN.fromMs, SPAN.toMs)),
      );
      const rows = sums?.groups
        .filter(({ key }) => key !== "")
        .map(({ key, sums: found }) => ({ key, sums: found }));
      const sorted = (list: readonly { key: string }[] | undefined) =>
        list?.toSorted((a, b) => (a.key < b.key ? -1 : 1));
      assert.deepEqual(sorted(answers[0]), sorted(answers[1]), name);
      assert.deepEqual(sorted(rows), sorted(answers[0]), name);
    }
    const medians = Object.entries(times).map(([engine, list]) => [
      engine,
      Math.round(list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0),
    ]);
    console.log(JSON.stringify({ question: name, ...Object.fromEntries(medians) }));
  }
} finally {
  for (const store of Object.values(stores)) await store.close();
  await client.close();
  rmSync(folder, { recursive: true, force: true });
}

async function timed<Result>(times: number[] | undefined, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  times?.push(performance.now() - started);
  return result;
}

async function fill(store: Store): Promise<void> {
  for (let first = 0; first < COUNT; first += BATCH) {
    await store.ingest(
      Array.from({ length: Math.min(BATCH, COUNT - first) }, (_, offset) => {
        const number = first + offset;
        // A step that shares no factor with the sizes below, so that no two columns move together.
        const mixed = (number * 7919) % 1_000_003;
        return newEvent({
          timeMs: Math.floor((number / COUNT) * DAYS * DAY),
          receivedMs: Math.floor((number / COUNT) * DAYS * DAY),
          useCase: `use-case-${mixed % 8}`,
          instance: `i-${number >> 2}`,
          resource: `model-${mixed % 12}`,
          user: `u-${mixed % 20_000}`,
          account: `a-${mixed % 50}`,
          latencyMs: mixed % 9000,
          tokensInput: mixed % 3000,
          cost: { input: BigInt(mixed) * 1000n, output: 5n, total: BigInt(mixed) * 1000n + 5n },
          properties: { tier: mixed % 5 === 0 ? "gold" : "plain", region: `r-${mixed % 9}` },
        });
      }),
    );
  }
}
