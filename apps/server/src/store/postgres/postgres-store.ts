import { type Client } from "pg";

import { type IngestOutcome, type NewEvent } from "../event.ts";
import { toRecord } from "../sql/event-record.ts";
import { type ReadVerb, type Verb, type WriteVerb } from "../sql/operation.ts";
import { READS } from "../sql/reads.ts";
import { type RecordOutcome, toOutcome } from "../sql/record-outcome.ts";
import { TELLING } from "../sql/telling.ts";
import { WRITES } from "../sql/writes.ts";
import { type Store } from "../store.ts";
import { type OnceStep, onceStep } from "../write-once.ts";
import { PATIENCE, type Patience, connect } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { makePartitions } from "./partitions.ts";
import { Readers } from "./readers.ts";
import { StreamWatch } from "./stream-watch.ts";
import { Writer } from "./writer.ts";

/**
 * Opens the database behind a `postgres://` URL and brings its schema up to date. Any number of processes may have it
 * open.
 *
 * @throws {Error} when PostgreSQL does not answer, refuses, or holds the data of a newer version.
 */
export async function openPostgresStore(url: string, patience: Patience = PATIENCE): Promise<Store> {
  const client = await connect(url);
  try {
    await assertWhole(client);
    await migrate(client);
    await makePartitions(client, Date.now());
  } finally {
    await client.end();
  }
  const types = new Map();
  const writer = new Writer(url, types, patience);
  const readers = new Readers(url, types, patience);
  const watch = new StreamWatch(() => readers.call("lastSeq", []) as Promise<number>);

  async function write(
    verb: WriteVerb | "record",
    values: readonly unknown[],
    once?: OnceStep,
  ): Promise<unknown> {
    const result = await writer.call(verb, values, once);
    if (TELLING.has(verb)) watch.tell();
    return result;
  }

  const verbs: Record<string, unknown> = {};
  for (const verb of Object.keys(READS)) {
    verbs[verb] = (...values: readonly unknown[]) => readers.call(verb as ReadVerb, values);
  }
  for (const verb of Object.keys(WRITES)) {
    verbs[verb] = (...values: readonly unknown[]) => write(verb as WriteVerb, values, onceStep(verb));
  }
  verbs["ingest"] = async (batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]> => {
    const once = onceStep("ingest");
    // A write that is done once may have been done before: then its events are not those of the caller.
    if (once !== undefined) return (await write("ingest", [batch], once)) as readonly IngestOutcome[];
    const recorded = (await write("record", [batch.map(toRecord)])) as readonly RecordOutcome[];
    return batch.flatMap((event, index) => {
      const outcome = recorded[index];
      return outcome === undefined ? [] : [toOutcome(event, outcome)];
    });
  };
  return {
    ...(verbs as unknown as Pick<Store, Verb>),
    async ready() {
      await writer.call("touchKey", [""]);
    },
    onChange: (listener) => watch.listen(listener),
    async close() {
      watch.close();
      await writer.close();
      await readers.close();
    },
  };
}

/** @throws {Error} while `payi migrate` fills the database: what a server wrote now would be taken for a difference. */
async function assertWhole(client: Client): Promise<void> {
  const { rows } = await client.query("SELECT 1 WHERE to_regclass('move_progress') IS NOT NULL");
  if (rows.length === 0) return;
  throw new Error(
    "payi migrate has not finished filling it. Run payi migrate again until it says that it is done.",
  );
}
