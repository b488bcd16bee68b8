/** How events, the one thing of which there are many, cross threads: as columns, in both directions. */
import { type IngestOutcome, type NewEvent } from "../event.ts";
import { type PackedRecords, packRecords, unpackRecords } from "../sql/event-record.ts";
import {
  type PackedOutcomes,
  type RecordOutcome,
  packOutcomes,
  unpackOutcomes,
} from "../sql/record-outcome.ts";
import { type Request } from "./message.ts";

/** In the thread that has the events; `record` runs the verb of that name in the writer's. */
export async function recordThrough(
  record: (packed: PackedRecords) => Promise<unknown>,
  events: readonly NewEvent[],
): Promise<readonly IngestOutcome[]> {
  return unpackOutcomes(events, (await record(packRecords(events))) as PackedOutcomes);
}

/** In the writer's thread: the request as its verb takes it. */
export function unpackRequest(request: Request): Request {
  if (request.verb !== "record") return request;
  const [records] = request.values as readonly [PackedRecords];
  return { ...request, values: [unpackRecords(records)] };
}

/** In the writer's thread: the value of an answer as it leaves. */
export function packValue({ verb }: Request, value: unknown): unknown {
  return verb === "record" ? packOutcomes(value as readonly RecordOutcome[]) : value;
}
