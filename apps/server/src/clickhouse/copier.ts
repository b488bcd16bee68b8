/**
 * Carries what one application recorded to ClickHouse. The truth stays where it is: limits, lists and corrections never
 * look here.
 */
import { type CopyEntry, type CopyImage } from "../store/copy.ts";
import { type Store } from "../store/store.ts";
import { type ClickHouseClient } from "./client.ts";
import { COPY_TABLE, CREATE_COPY_TABLE } from "./schema.ts";

/** Large parts merge less; a range is held in memory once. */
const MOST = 20_000;

/** Makes the table where there is none. */
export async function prepareCopy(client: ClickHouseClient): Promise<void> {
  await client.command({ query: CREATE_COPY_TABLE });
}

/**
 * Copies one range and returns how many entries it had; 0 when all is copied. The range is claimed before it is sent
 * and confirmed after it arrived; one that broke off in between is sent again under the same token, and ClickHouse takes
 * each part of it once. Rejects when either side cannot be reached: then nothing was confirmed, and it may be repeated.
 */
export async function copyRange(
  store: Pick<Store, "claimCopy" | "confirmCopy">,
  client: ClickHouseClient,
  application: string,
  most: number = MOST,
): Promise<number> {
  const range = await store.claimCopy(application, most);
  if (range === undefined) return 0;
  const values = range.entries.flatMap((entry) => rowsOf(application, entry));
  if (values.length > 0) {
    await client.insert({
      table: COPY_TABLE,
      values,
      format: "JSONEachRow",
      clickhouse_settings: {
        insert_deduplicate: 1,
        insert_deduplication_token: `${application}:${range.afterSeq}-${range.toSeq}`,
        // Acknowledged is written: not a buffer of the server's.
        async_insert: 0,
        // A range is one block, so that its token stands for all of it.
        max_insert_block_size: "1048576",
      },
    });
  }
  await store.confirmCopy(application, range.toSeq);
  return Math.max(range.entries.length, 1);
}

/** Copies until nothing is left; returns how many entries that were. */
export async function copyAll(
  store: Pick<Store, "claimCopy" | "confirmCopy">,
  client: ClickHouseClient,
  application: string,
): Promise<number> {
  let copied = 0;
  // oxlint-disable-next-line no-await-in-loop -- ranges follow each other
  for (let count = 1; count > 0; copied += count) count = await copyRange(store, client, application);
  return copied;
}

function rowsOf(application: string, { seq, eventId, before, after }: CopyEntry): readonly unknown[] {
  const rows = [toRow(application, seq, eventId, 1, after)];
  return before === null ? rows : [toRow(application, seq, eventId, -1, before), ...rows];
}

function toRow(
  application: string,
  seq: number,
  eventId: string,
  sign: 1 | -1,
  image: CopyImage,
): Readonly<Record<string, unknown>> {
  return {
    application,
    seq,
    sign,
    event_id: eventId,
    time_ms: image.timeMs,
    category: image.category,
    resource: image.resource ?? "",
    use_case: image.useCase ?? "",
    instance: image.instance ?? "",
    user: image.user ?? "",
    account: image.account ?? "",
    outcome: image.outcome ?? "",
    error: image.error ? 1 : 0,
    blocked: image.blocked ? 1 : 0,
    latency_ms: image.latencyMs,
    tokens_input: image.tokensInput,
    tokens_output: image.tokensOutput,
    cost_input: image.costInput?.toString() ?? null,
    cost_total: image.costTotal?.toString() ?? null,
    properties: image.properties,
  };
}
