import { type Client } from "pg";

import { type ReadVerb } from "../sql/operation.ts";
import { READS } from "../sql/reads.ts";
import { type Store } from "../store.ts";
import { WorkerClient } from "../thread/worker-client.ts";
import { writeVerbs } from "../thread/write-verbs.ts";
import { PATIENCE, type Patience, connect } from "./connect.ts";
import { migrate } from "./migrate.ts";
import { makePartitions } from "./partitions.ts";
import { Readers } from "./readers.ts";
import { StreamWatch } from "./stream-watch.ts";
import { type WriterSettings } from "./writer.ts";

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
  const writer = new WorkerClient("postgresWriter", { url, patience } satisfies WriterSettings);
  await writer.ready();
  const readers = new Readers(url, new Map(), patience);
  const watch = new StreamWatch(() => readers.call("lastSeq", []) as Promise<number>);

  const reads: Record<string, unknown> = {};
  for (const verb of Object.keys(READS)) {
    reads[verb] = (...values: readonly unknown[]) => readers.call(verb as ReadVerb, values);
  }
  return {
    ...(reads as unknown as Pick<Store, ReadVerb>),
    ...writeVerbs(writer, () => watch.tell()),
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
