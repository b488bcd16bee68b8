import { type IngestOutcome, type NewEvent } from "../event.ts";
import { type Verb } from "../sql/operation.ts";
import { READS } from "../sql/reads.ts";
import { WRITES } from "../sql/writes.ts";
import { type Store } from "../store.ts";
import { onceStep } from "../write-once.ts";
import { type PackedOutcome, unpackOutcome } from "./packed-outcome.ts";
import { ReaderPool } from "./reader-pool.ts";
import { WorkerClient } from "./worker-client.ts";

/** The writes after which something new may stand in the stream. */
const TELLING = new Set<string>(["ingest", "upsertEvents", "recordScore"]);

/**
 * Opens or makes the database file and brings its schema up to date.
 *
 * @throws {Error} when the file cannot be opened, is no database, or was written by a newer version.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const writer = new WorkerClient("writer", { file });
  await writer.ready();
  const readers = new ReaderPool({ file });
  const listeners = new Set<() => void>();

  async function write(verb: string, values: readonly unknown[]): Promise<unknown> {
    const result = await writer.call(verb, values, onceStep(verb));
    if (TELLING.has(verb)) for (const listener of listeners) listener();
    return result;
  }

  const verbs: Record<string, unknown> = {};
  for (const verb of Object.keys(READS)) {
    verbs[verb] = (...values: readonly unknown[]) => readers.call(verb, values);
  }
  for (const verb of Object.keys(WRITES))
    verbs[verb] = (...values: readonly unknown[]) => write(verb, values);
  verbs["ingest"] = async (batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]> => {
    const packed = (await write("ingest", [batch])) as readonly PackedOutcome[];
    return batch.flatMap((event, index) => {
      const outcome = packed[index];
      return outcome === undefined ? [] : [unpackOutcome(event, outcome)];
    });
  };
  return {
    ...(verbs as unknown as Pick<Store, Verb>),
    async ready() {
      await writer.call("touchKey", [""]);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await readers.close();
      await writer.close();
    },
  };
}
