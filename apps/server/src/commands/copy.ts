import { type ClickHouseClient, connectClickHouse, copyAll, prepareCopy } from "../clickhouse/index.ts";
import { type Store } from "../store/store.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { readSettings } from "./settings.ts";
import { withStore } from "./with-store.ts";

const USAGE =
  "Use payi copy to bring the copy up to date, or payi copy status to see how far behind it is. PAYI_CLICKHOUSE_URL names where it is.";

/** `payi copy`: brings the copy in ClickHouse up to date once, beside a running server or without one. */
export async function copy(args: readonly string[]): Promise<number> {
  const [action] = readArguments(args).words;
  if (action === "status") return withStore(tellState);
  if (action !== undefined) throw new SettingError(`payi copy ${action} is unknown. ${USAGE}`);
  const { clickHouse } = readSettings(process.env);
  if (clickHouse === undefined) throw new SettingError(`PAYI_CLICKHOUSE_URL is missing. ${USAGE}`);
  const client = connectClickHouse(clickHouse);
  return withStore(async (store) => {
    try {
      await copyEverything(store, client);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SettingError(
        `The copy at ${clickHouse.host} broke off: ${reason} What arrived counts once; run payi copy again to go on.`,
      );
    } finally {
      await client.close();
    }
    return 0;
  });
}

async function copyEverything(store: Store, client: ClickHouseClient): Promise<void> {
  await prepareCopy(client);
  for (const { id } of await store.applications()) {
    // oxlint-disable-next-line no-await-in-loop -- one application after the other
    const copied = await copyAll(store, client, id);
    process.stdout.write(`${id}  ${copied} copied\n`);
  }
}

async function tellState(store: Store): Promise<number> {
  for (const { id } of await store.applications()) {
    // oxlint-disable-next-line no-await-in-loop -- one application after the other
    const { seq, behind } = await store.copyState(id);
    process.stdout.write(
      seq === undefined ? `${id}  not copied\n` : `${id}  copied up to ${seq}, ${behind} behind\n`,
    );
  }
  return 0;
}
