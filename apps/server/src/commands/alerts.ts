import { createSending } from "../domain/alerts/alerts.ts";
import { testChannel } from "../domain/alerts/test-alert.ts";
import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { type StoredAlert, type StoredAlertChannel, type StoredAlertRule } from "../store/alert.ts";
import { type Store } from "../store/store.ts";
import { readArguments } from "./arguments.ts";
import { openStore } from "./open-store.ts";
import { secretKey } from "./secret-key.ts";
import { SettingError } from "./setting-error.ts";
import { type Settings, readSettings } from "./settings.ts";

const USAGE =
  "Use payi alerts channels, payi alerts rules, payi alerts history [--limit 20], payi alerts test CHANNEL or payi alerts retry ALERT.";
const ALL = { limit: 1000, ascending: true, after: undefined };

/** `payi alerts …`, beside a running server or without one. */
export async function alerts(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, { limit: { type: "string" } });
  const [action = "history", given] = words;
  const settings = readSettings(process.env);
  const store = await openStore(settings);
  try {
    switch (action) {
      case "channels":
        for (const channel of (await store.alertChannels(DEFAULT_APPLICATION, ALL)).items)
          print(describeChannel(channel));
        return 0;
      case "rules":
        for (const rule of (await store.alertRules(DEFAULT_APPLICATION, ALL)).items)
          print(describeRule(rule));
        return 0;
      case "history":
        return await history(store, options["limit"] ?? "20");
      case "test":
        return await test(store, settings, given);
      case "retry":
        if (given === undefined) throw new SettingError(`The id of an alert is missing. ${USAGE}`);
        print(describeAlert(await retry(store, given)));
        return 0;
      default:
        throw new SettingError(`payi alerts ${action} is unknown. ${USAGE}`);
    }
  } finally {
    await store.close();
  }
}

async function history(store: Store, wanted: string | boolean): Promise<number> {
  const limit = Number(wanted);
  if (!Number.isInteger(limit) || limit < 1 || limit > ALL.limit) {
    throw new SettingError(`--limit ${String(wanted)} is not a whole number from 1 to ${ALL.limit}.`);
  }
  const page = { limit, ascending: false, after: undefined };
  for (const alert of (await store.alertHistory(DEFAULT_APPLICATION, {}, page)).items)
    print(describeAlert(alert));
  return 0;
}

/** Exit code 1 when it was not delivered. */
async function test(store: Store, settings: Settings, given: string | undefined): Promise<number> {
  const channels = (await store.alertChannels(DEFAULT_APPLICATION, ALL)).items;
  const channel = channels.find(({ id, name }) => id === given || name === given);
  if (channel === undefined) {
    throw new SettingError(
      `There is no channel ${JSON.stringify(given ?? "")}. List them with payi alerts channels.`,
    );
  }
  const key = settings.alerts.secretKey ?? secretKey(settings.dataDirectory);
  const sending = createSending({ ...settings.alerts, secretKey: key });
  const result = await testChannel({ ...sending, store }, channel);
  const status = result.status === null ? "" : ` (${result.status})`;
  if (result.delivered) print(`delivered to ${channel.target}${status}`);
  else process.stderr.write(`not delivered to ${channel.target}: ${result.error}\n`);
  return result.delivered ? 0 : 1;
}

async function retry(store: Store, id: string): Promise<StoredAlert> {
  if ((await store.storedAlert(DEFAULT_APPLICATION, id)) === undefined) {
    throw new SettingError(`There is no alert ${JSON.stringify(id)}. List them with payi alerts history.`);
  }
  return store.retryAlert(DEFAULT_APPLICATION, id);
}

function describeChannel({ id, name, kind, target, enabled }: StoredAlertChannel): string {
  return `${id}  ${name}  ${kind}  ${target}${enabled ? "" : "  off"}`;
}

function describeRule({ id, name, kind, condition, channels, enabled }: StoredAlertRule): string {
  return `${id}  ${name}  ${kind}  ${condition}  to ${channels.length} channels${enabled ? "" : "  off"}`;
}

function describeAlert({ id, createdMs, title, deliveries }: StoredAlert): string {
  const states = deliveries.map(({ channelName, state, lastError }) => {
    const reason = lastError === null || state === "delivered" ? "" : ` (${lastError})`;
    return `${channelName} ${state}${reason}`;
  });
  return `${id}  ${new Date(createdMs).toISOString()}  ${title}  ${states.length === 0 ? "told nobody" : states.join(", ")}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
