import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describe } from "vitest";

import { newId } from "../../src/new-id.ts";
import { type NewEvent } from "../../src/store/event.ts";
import { connect } from "../../src/store/postgres/connect.ts";
import { drive as drivePostgres } from "../../src/store/postgres/drive.ts";
import { openPostgresStore } from "../../src/store/postgres/postgres-store.ts";
import { Session } from "../../src/store/postgres/session.ts";
import { type VerifyFinding } from "../../src/store/query.ts";
import { type Program, type Row } from "../../src/store/sql/program.ts";
import { verify } from "../../src/store/sql/verify.ts";
import { Connection } from "../../src/store/sqlite/connection.ts";
import { drive } from "../../src/store/sqlite/drive.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type Store } from "../../src/store/store.ts";
import { findPostgres, makeDatabase } from "./test-database.ts";

export type Engine = "sqlite" | "postgres";

const thereIsPostgres = await findPostgres();

/** The store's contract: the same tests on each engine. Those of PostgreSQL are skipped where it does not answer. */
export function onEachEngine(name: string, body: (engine: Engine) => void): void {
  describe(`${name}, on SQLite`, () => {
    body("sqlite");
  });
  describe.skipIf(!thereIsPostgres)(`${name}, on PostgreSQL`, () => {
    body("postgres");
  });
}

/** Tests that need PostgreSQL, skipped where it does not answer. */
export const describePostgres: typeof describe.skip = thereIsPostgres ? describe : describe.skip;

/** A real store with a database of its own, which goes with it. */
export interface TestStore extends Store {
  /** The file of SQLite, the URL of PostgreSQL. */
  readonly place: string;
  /** An application comes with its first key. */
  makeApplication(id: string): Promise<void>;
  /** Reads tables past the store. */
  rows(sql: string): Promise<readonly Row[]>;
  /** Every value of every table, as one text to search in. */
  everything(): Promise<string>;
  /** Changes tables past the store. */
  damage(sql: string): Promise<void>;
  /** What verify finds after a statement that is then undone. */
  verifyAfter(damage: string): Promise<readonly VerifyFinding[]>;
}

/** Opens a store of this engine, with the application `default`. */
export async function openTestStore(engine: Engine = "sqlite"): Promise<TestStore> {
  const opened = engine === "sqlite" ? await openSqlite() : await openPostgres();
  const { store } = opened;
  const makeApplication = async (id: string): Promise<void> => {
    const hash = new TextEncoder().encode(id);
    await store.ensureKey({ application: id, name: "test", prefix: "", hash });
  };
  await makeApplication("default");
  return {
    ...store,
    place: opened.place,
    rows: opened.rows,
    everything: () => everythingOf(opened, engine),
    damage: opened.damage,
    verifyAfter: opened.verifyAfter,
    makeApplication,
    async close() {
      await store.close();
      await opened.remove();
    },
  };
}

type Opened = Pick<TestStore, "place" | "rows" | "damage" | "verifyAfter"> & {
  readonly store: Store;
  remove(): Promise<void>;
};

const TABLES: Readonly<Record<Engine, string>> = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table'",
  postgres: "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
};

async function everythingOf(opened: Pick<Opened, "rows">, engine: Engine): Promise<string> {
  const names = (await opened.rows(TABLES[engine])).map((row) => String(row["name"]));
  const rows = await Promise.all(names.map((name) => opened.rows(`SELECT * FROM "${name}"`)));
  return rows
    .flat()
    .flatMap((row) => Object.values(row))
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value)))
    .join("\n");
}

async function openSqlite(): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), "payi-store-"));
  const file = join(directory, "payi.sqlite");
  return {
    store: await openSqliteStore(file),
    place: file,
    async rows(sql) {
      const database = new DatabaseSync(file, { readOnly: true });
      const rows = database.prepare(sql).all();
      database.close();
      return rows;
    },
    async damage(sql) {
      const connection = new Connection(file, { readOnly: false });
      connection.exec(sql);
      connection.close();
    },
    async verifyAfter(damage) {
      const connection = new Connection(file, { readOnly: false });
      connection.exec("BEGIN");
      connection.exec(damage);
      const findings = drive(connection, verify());
      connection.exec("ROLLBACK");
      connection.close();
      return findings;
    },
    remove: () => rm(directory, { recursive: true }),
  };
}

async function openPostgres(): Promise<Opened> {
  const database = await makeDatabase();
  const within = async <Ended>(statements: readonly string[], program: Program<Ended>): Promise<Ended> => {
    const client = await connect(database.url);
    try {
      const session = new Session(client, new Map());
      for (const sql of statements) session.send(sql);
      return await drivePostgres(session, program);
    } finally {
      await client.end();
    }
  };
  return {
    store: await openPostgresStore(database.url),
    place: database.url,
    async rows(sql) {
      const client = await connect(database.url);
      const { rows } = await client.query<Row>(sql);
      await client.end();
      return rows;
    },
    async damage(sql) {
      const client = await connect(database.url);
      await client.query(sql);
      await client.end();
    },
    verifyAfter: (damage) => within(["BEGIN", damage], verify()),
    remove: () => database.drop(),
  };
}

/** An event with nothing special about it. */
export function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return {
    id: newId(),
    application: "default",
    timeMs: 1000,
    receivedMs: 1000,
    category: "system.openai",
    resource: "model",
    scope: null,
    useCase: null,
    version: null,
    instance: null,
    step: null,
    user: null,
    account: null,
    httpStatus: 200,
    outcome: "ok",
    usageSource: "provider",
    attempt: null,
    callId: null,
    parentInstance: null,
    refusedBy: [],
    failure: null,
    failureDescription: null,
    error: false,
    blocked: false,
    seeded: false,
    latencyMs: null,
    firstTokenMs: null,
    firstCompletionTokenMs: null,
    units: { text: { input: 1, output: 1 } },
    tokensInput: 1,
    tokensOutput: 1,
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
    dataResidency: null,
    pricingStatus: "priced",
    cost: { input: 1n, output: 1n, total: 2n },
    costLines: [],
    unknownUnits: {},
    resourceId: null,
    book: "test",
    providerResponseId: null,
    providerUri: null,
    functionCalls: [],
    requestTags: [],
    properties: {},
    warnings: [],
    instanceProperties: {},
    limitIds: undefined,
    key: undefined,
    text: undefined,
    ...fields,
  };
}
