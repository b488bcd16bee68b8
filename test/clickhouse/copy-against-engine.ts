/** The copy against ClickHouse's own engine, in process, behind its official client. Nothing here runs over HTTP. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { createClient } from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";

import { type ClickHouseClient } from "../../apps/server/src/clickhouse/client.ts";
import { copiedSums } from "../../apps/server/src/clickhouse/copied-sums.ts";
import { copyAll, copyRange, prepareCopy } from "../../apps/server/src/clickhouse/copier.ts";
import { COPY_TABLE } from "../../apps/server/src/clickhouse/schema.ts";
import { type Store } from "../../apps/server/src/store/store.ts";
import { bucketsOf, oneBucket } from "../../apps/server/src/store/time-buckets.ts";
import { newEvent, openTestStore, type TestStore } from "../../apps/server/test/store/support.ts";

const HOUR = 3_600_000;
const WHOLE = oneBucket(0, 10_000 * HOUR);
const EVERYTHING = { application: "default", fromMs: 0, toMs: 10_000 * HOUR, filter: {} };

const folder = mkdtempSync(join(tmpdir(), "payi-clickhouse-"));
const client = createClient({ connection: createChdbConnection({ path: folder }) });
const copy = client as unknown as ClickHouseClient;
let stores: readonly TestStore[] = [];

before(async () => {
  await prepareCopy(copy);
  stores = [await openTestStore("sqlite"), await openTestStore("postgres")];
});
after(async () => {
  for (const store of stores) await store.close();
  await client.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Compares the copy with the store for every dimension, to the last digit. */
async function assertSame(store: Store, application: string): Promise<void> {
  const span = { ...EVERYTHING, application };
  for (const groupBy of ["use_case", "resource", "user", "account", "property:tier"] as const) {
    const copied = await copiedSums(store, copy, span, groupBy, WHOLE);
    const { rows, unattributed } = await store.breakdown({ ...span, groupBy, limit: 1000 });
    const own = [...rows, ...(unattributed === null ? [] : [{ key: "", sums: unattributed }])];
    const byKey = (left: { key: string }, right: { key: string }): number => (left.key < right.key ? -1 : 1);
    assert.deepEqual(
      copied?.groups.map(({ key, sums }) => ({ key, sums })).toSorted(byKey),
      own.map(({ key, sums }) => ({ key, sums })).toSorted(byKey),
      `${application} by ${groupBy}`,
    );
  }
}

function events(application: string, name: string, count: number) {
  return Array.from({ length: count }, (_, index) =>
    newEvent({
      application,
      timeMs: index * HOUR,
      useCase: index % 5 === 0 ? null : `use-case-${index % 3}`,
      instance: index % 5 === 0 ? null : `i-${index % 11}`,
      user: index % 4 === 0 ? null : `u-${index % 7}`,
      account: `a'${index % 2}`,
      resource: `model-${index % 3}`,
      latencyMs: index % 6 === 0 ? null : index,
      error: index % 10 === 0,
      properties: index % 3 === 0 ? {} : { tier: `t"${index % 2}` },
      cost: index % 9 === 0 ? null : { input: 3n, output: 4n, total: 9_007_199_254_740_993n + BigInt(index) },
      key: { kind: "response", id: `${name}-${index}` },
      providerResponseId: `${name}-${index}`,
    }),
  );
}

test("what was recorded, voided, renamed and replaced adds up to the same, on both engines", async () => {
  for (const [index, store] of stores.entries()) {
    const application = `app-${index}`;
    await store.makeApplication(application);
    const sent = events(application, "e", 300);
    await store.ingest(sent.slice(0, 200));
    assert.equal(await copyAll(store, copy, application), 200);
    await assertSame(store, application);
    const ids = (
      await store.events({ ...EVERYTHING, application }, { limit: 300, ascending: true, after: undefined })
    ).items.map(({ id }) => id);
    for (const id of ids.slice(1, 20))
      await store.voidEvent({ name: { application, id }, actor: "test", reason: "test" });
    for (const id of ids.slice(10, 40))
      await store.changeEventProperties({ application, id }, { tier: "changed" });
    await store.upsertEvents(
      sent.slice(50, 80).map((event) => ({
        ...event,
        user: "someone else",
        tokensInput: 7,
        cost: { input: 1n, output: 1n, total: 2n },
      })),
    );
    await store.ingest(sent.slice(200));
    await store.changeEventProperties({ application, id: ids[60] ?? "" }, { tier: "twice" });
    await store.voidEvent({ name: { application, id: ids[60] ?? "" }, actor: "test", reason: "test" });
    // In small ranges, so that corrections are copied before and after others of the same event.
    while ((await copyRange(store, copy, application, 40)) > 0);
    await assertSame(store, application);
  }
});

test("a range that arrived without being confirmed is sent again and counts once", async () => {
  for (const [index, store] of stores.entries()) {
    const application = `crash-${index}`;
    await store.makeApplication(application);
    await store.ingest(events(application, "c", 100));
    const dying = { claimCopy: store.claimCopy, confirmCopy: () => Promise.reject(new Error("killed")) };
    await assert.rejects(copyRange(dying, copy, application, 30), /killed/);
    await store.ingest(events(application, "later", 50));
    await copyAll(store, copy, application);
    await assertSame(store, application);
  }
});

test("a copy that is behind, unknown, out of reach or beside made-up history gives no answer", async () => {
  const [store] = stores;
  assert.ok(store);
  await store.makeApplication("lag");
  const span = { ...EVERYTHING, application: "lag" };
  assert.equal(await copiedSums(store, copy, span, "user", WHOLE), undefined);
  // One by one: what is recorded together is copied together.
  for (const event of events("lag", "l", 10)) await store.ingest([event]);
  await copyRange(store, copy, "lag", 4);
  assert.equal(await copiedSums(store, copy, span, "user", WHOLE, 5), undefined);
  assert.equal((await copiedSums(store, copy, span, "user", WHOLE))?.behind, 6);
  const away = { ...copy, query: () => Promise.reject(new Error("away")) };
  assert.equal(await copiedSums(store, away, span, "user", WHOLE), undefined);
  await store.ingest([newEvent({ application: "lag", seeded: true })]);
  assert.equal(await copiedSums(store, copy, span, "user", WHOLE), undefined);
});

test("a value that breaks out of SQL is a value", async () => {
  const [store] = stores;
  assert.ok(store);
  const payload = "x'] OR 1=1 --";
  const filter = { user: payload, properties: [[payload, payload]] as const };
  const copied = await copiedSums(
    store,
    copy,
    { ...EVERYTHING, application: "app-0", filter },
    `property:${payload}`,
    bucketsOf(0, 100 * HOUR, "hour", "UTC"),
  );
  assert.deepEqual(copied?.groups, []);
  const [row] = await (
    await client.query({ query: `SELECT count() AS n FROM ${COPY_TABLE}`, format: "JSONEachRow" })
  ).json<{ n: number }>();
  assert.ok(Number(row?.n) > 0);
});
