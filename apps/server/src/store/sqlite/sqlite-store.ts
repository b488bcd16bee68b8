import { type ReadVerb } from "../sql/operation.ts";
import { READS } from "../sql/reads.ts";
import { type Store } from "../store.ts";
import { WorkerClient } from "../thread/worker-client.ts";
import { writeVerbs } from "../thread/write-verbs.ts";
import { ReaderPool } from "./reader-pool.ts";

/**
 * Opens or makes the database file and brings its schema up to date.
 *
 * @throws {Error} when the file cannot be opened, is no database, or was written by a newer version.
 */
export async function openSqliteStore(file: string): Promise<Store> {
  const writer = new WorkerClient("sqliteWriter", { file });
  await writer.ready();
  const readers = new ReaderPool({ file });
  const listeners = new Set<() => void>();

  const reads: Record<string, unknown> = {};
  for (const verb of Object.keys(READS)) {
    reads[verb] = (...values: readonly unknown[]) => readers.call(verb, values);
  }
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    ...(reads as unknown as Pick<Store, ReadVerb>),
    ...writeVerbs(writer, tell),
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
