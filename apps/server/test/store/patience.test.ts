/** What PostgreSQL does not answer in time is refused as "not now": nobody waits for ever, and it goes on afterwards. */
import { type Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { type NewEvent } from "../../src/store/event.ts";
import { PATIENCE, type Patience, connect } from "../../src/store/postgres/connect.ts";
import { locksOf } from "../../src/store/postgres/locks.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { type Store } from "../../src/store/store.ts";
import { StoreUnavailableError } from "../../src/store/unavailable.ts";
import { type PausableProxy, startPausableProxy } from "../faults/pausable-proxy.ts";
import { describePostgres, newEvent } from "./support.ts";
import { type TestDatabase, makeDatabase } from "./test-database.ts";

const about = (useCase: string) => ({
  application: "default",
  fromMs: 0,
  toMs: Date.UTC(2100),
  filter: { useCase },
});
/** One that may be sent again. */
const keyed = (fields: Partial<NewEvent>): NewEvent =>
  newEvent({ key: { kind: "response", id: crypto.randomUUID() }, ...fields });
const PAGE = { limit: 10, ascending: true, after: undefined };

describePostgres("patience", () => {
  let database: TestDatabase;
  let other: Client;
  let store: Store;
  let proxy: PausableProxy | undefined;

  const open = (patience: Partial<Patience>, url = database.url): Promise<Store> =>
    openPostgresStore(url, { ...PATIENCE, ...patience });

  /** How a promise ended: what it said when it was refused as "not now". */
  async function refusal(doing: Promise<unknown>): Promise<string> {
    try {
      await doing;
      return "done";
    } catch (error) {
      if (error instanceof StoreUnavailableError) return error.message;
      throw error;
    }
  }

  /** A busy machine may need more than the little time that these stores have. */
  const untilDone = (doing: () => Promise<unknown>): Promise<void> =>
    expect.poll(() => refusal(doing())).toBe("done");

  beforeAll(async () => {
    database = await makeDatabase();
    other = await connect(database.url);
    const patient = await open({});
    for (const application of ["default", "second"]) {
      const hash = new TextEncoder().encode(application);
      await patient.ensureKey({ application, name: "test", prefix: "", hash });
    }
    await patient.close();
  });
  afterEach(async () => {
    await store.close();
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await other.end();
    await database.drop();
  });

  test("with an application that another process keeps ends, while other applications go on", async () => {
    store = await open({ lockMs: 200 });
    await other.query("BEGIN");
    await other.query("SELECT pg_advisory_xact_lock($1)", [locksOf(["default"])[0]]);
    const [kept, free] = [keyed({ useCase: "kept" }), newEvent({ application: "second" })];
    // Together: they share a batch.
    const [refused, went] = await Promise.all([refusal(store.ingest([kept])), refusal(store.ingest([free]))]);
    expect(refused).toMatch(/Another process has been changing this application for more than 200 ms/);
    expect(went).toBe("done");
    await other.query("COMMIT");
    await untilDone(() => store.ingest([kept]));
    const { items } = await store.events(about("kept"), PAGE);
    expect(items.map(({ id }) => id)).toEqual([kept.id]);
    expect(await store.verify()).toEqual([]);
  });

  test("with a table that somebody locked ends for writes and for reads, once for all that wait", async () => {
    store = await open({ lockMs: 200 });
    await other.query("BEGIN");
    await other.query("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
    const writes = Array.from({ length: 40 }, () => refusal(store.ingest([newEvent({ useCase: "locked" })])));
    expect(new Set(await Promise.all(writes))).toEqual(new Set(["canceling statement due to lock timeout"]));
    expect(await refusal(store.events(about("locked"), PAGE))).toBe(
      "canceling statement due to lock timeout",
    );
    await other.query("COMMIT");
    const after = keyed({ useCase: "locked" });
    await untilDone(() => store.ingest([after]));
    expect((await store.events(about("locked"), PAGE)).items).toHaveLength(1);
  });

  test("with a statement that takes too long ends, and verify is let work as long as it takes", async () => {
    store = await open({ statementMs: 500 });
    await other.query(
      `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NEW; END';
       CREATE TRIGGER wait BEFORE INSERT ON event_key FOR EACH ROW EXECUTE FUNCTION wait()`,
    );
    const event = keyed({});
    expect(await refusal(store.ingest([event]))).toBe("canceling statement due to statement timeout");
    await other.query("DROP TRIGGER wait ON event_key");
    await untilDone(() => store.ingest([event]));
    await other.query("BEGIN");
    await other.query("LOCK TABLE event IN ACCESS EXCLUSIVE MODE");
    const verifying = refusal(store.verify());
    await other.query("SELECT pg_sleep(0.8)");
    await other.query("COMMIT");
    expect(await verifying).toBe("done");
  });

  test("with a line that went dead ends, and what comes afterwards has a new one", async () => {
    const { hostname, port } = new URL(database.url);
    proxy = await startPausableProxy(hostname, Number(port));
    const through = new URL(database.url);
    through.host = `127.0.0.1:${proxy.port}`;
    store = await open({ answerMs: 1500, connectMs: 1500 }, through.href);
    const before = keyed({ useCase: "dead" });
    await untilDone(() => store.ingest([before]));
    await untilDone(() => store.events(about("dead"), PAGE));
    await proxy.set("silent");
    const during = keyed({ useCase: "dead" });
    const said = await Promise.all([
      refusal(store.ingest([during])),
      refusal(store.events(about("dead"), PAGE)),
    ]);
    expect(said.filter((one) => one === "done")).toEqual([]);
    await proxy.set("open");
    await untilDone(() => store.ingest([during]));
    const { items } = await store.events(about("dead"), PAGE);
    expect(items.map(({ id }) => id).toSorted()).toEqual([before.id, during.id].toSorted());
  });

  test("ends the transaction of a process that stopped in the middle of it", async () => {
    store = await open({});
    const own = await connect(database.url);
    // As a writer's connection has it; the process behind this one sends nothing more.
    await own.query("SET idle_in_transaction_session_timeout = 200");
    await own.query("BEGIN");
    await own.query("SELECT pg_advisory_xact_lock($1)", [locksOf(["default"])[0]]);
    expect(await refusal(store.ingest([newEvent()]))).toBe("done");
    await own.end();
  });
});
