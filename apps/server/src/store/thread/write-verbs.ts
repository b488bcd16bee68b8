import { type IngestOutcome, type NewEvent } from "../event.ts";
import { type WriteVerb } from "../sql/operation.ts";
import { TELLING } from "../sql/telling.ts";
import { WRITES } from "../sql/writes.ts";
import { type Store } from "../store.ts";
import { type OnceStep, onceStep } from "../write-once.ts";
import { recordThrough } from "./recording.ts";
import { type WorkerClient } from "./worker-client.ts";

/** The verbs that write, run by the thread behind `writer`; `tell` hears of what listeners of the stream may want. */
export function writeVerbs(writer: WorkerClient, tell: () => void): Pick<Store, WriteVerb> {
  async function write(verb: string, values: readonly unknown[], once?: OnceStep): Promise<unknown> {
    const result = await writer.call(verb, values, once);
    if (TELLING.has(verb)) tell();
    return result;
  }

  const verbs: Record<string, unknown> = {};
  for (const verb of Object.keys(WRITES)) {
    verbs[verb] = (...values: readonly unknown[]) => write(verb, values, onceStep(verb));
  }
  verbs["ingest"] = async (batch: readonly NewEvent[]): Promise<readonly IngestOutcome[]> => {
    const once = onceStep("ingest");
    // A write that is done once may have been done before: then its events are not those of the caller.
    if (once !== undefined) return (await write("ingest", [batch], once)) as readonly IngestOutcome[];
    return recordThrough((packed) => write("record", [packed]), batch);
  };
  return verbs as unknown as Pick<Store, WriteVerb>;
}
