import { type IngestOutcome, type NewEvent } from "../event.ts";
import { packRecords } from "../sql/event-record.ts";
import { type Verb } from "../sql/operation.ts";
import { READS } from "../sql/reads.ts";
import { type PackedOutcomes, unpackOutcomes } from "../sql/record-outcome.ts";
import { TELLING } from "../sql/telling.ts";
import { WRITES } from "../sql/writes.ts";
import { type Store } from "../store.ts";
import { type OnceStep, onceStep } from "../write-once.ts";
import { ReaderPool } from "./reader-pool.ts";
import { WorkerClient } from "./worker-client.ts";

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

  async function write(verb: string, values: readonly unknown[], once?: OnceStep): Promise<unknown> {
    const result = await writer.call(verb, values, once);
    if (TELLING.has(verb)) for (const listener of listeners) listener();
    return result;
  }

  const verbs: Record<string, unknown> = {};
  for (const verb of Object.keys(READS)) {
    verbs[verb] = (...values: readonly unknown[]) => readers.call(verb, values);
  }
  for (const verb of Object.keys(WRITES))
    verbs[verb] = (...values: readonly unknown[]) => write(verb, values, onceStep(verb));
  verbs["ingest"] = async (batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]> => {
    const once = onceStep("ingest");
    // A write that is done once may have been done before: then its events are not those of the caller.
    if (once !== undefined) return (await write("ingest", [batch], once)) as readonly IngestOutcome[];
    return unpackOutcomes(batch, (await write("record", [packRecords(batch)])) as PackedOutcomes);
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
