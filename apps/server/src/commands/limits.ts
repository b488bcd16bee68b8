import { formatMoney, fromPico, parseMoney } from "@payi/core/cost";
import { type LimitInput, WireError, decodeLimitInput } from "@payi/core/wire";

import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { maxInForce } from "../store/limit-budget.ts";
import { type StoredLimit } from "../store/limit.ts";
import { type Store } from "../store/store.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const USAGE =
  "Use payi limits list, payi limits reset ID, or payi limits simulate --max USD [--days 7] [--period day] [--time-zone Z] [--anchor START] [--per user_id] [--use-case U] [--user U] [--account A] [--category C] [--resource R] [--property KEY=VALUE].";
const DAY_MS = 24 * 3_600_000;
const TEXTS = [
  "max",
  "days",
  "period",
  "time-zone",
  "anchor",
  "per",
  "use-case",
  "user",
  "account",
  "category",
  "resource",
  "property",
];

/** `payi limits …`: what is spent and held, a reset, and what a limit would have refused. */
export async function limits(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(
    args,
    Object.fromEntries(TEXTS.map((name) => [name, { type: "string" as const }])),
  );
  const [action = "list", id] = words;
  return withStore(async (store) => {
    if (action === "list") await list(store);
    else if (action === "reset") await reset(store, id);
    else if (action === "simulate") await simulate(store, options);
    else throw new SettingError(`payi limits ${action} is unknown. ${USAGE}`);
    return 0;
  });
}

async function list(store: Store): Promise<void> {
  let after: Parameters<Store["limits"]>[2]["after"];
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page begins where the one before ended
    const page = await store.limits(DEFAULT_APPLICATION, undefined, { limit: 500, ascending: true, after });
    for (const limit of page.items) if (!limit.automatic) process.stdout.write(`${describe(limit)}\n`);
    after = page.next;
  } while (after !== undefined);
}

function describe(limit: StoredLimit): string {
  const { totals, policy } = limit;
  const max = formatMoney(maxInForce(limit, totals.topped, Date.now()));
  const whose = totals.value === "" ? "" : ` by ${totals.value}`;
  const end = totals.windowEndMs === undefined ? "" : `  until ${new Date(totals.windowEndMs).toISOString()}`;
  const amounts = `${formatMoney(fromPico(totals.used))} spent${whose}, ${formatMoney(fromPico(totals.held))} held of ${max} USD`;
  return `${limit.id}  ${limit.name}  ${limit.limitType}${policy.per === undefined ? "" : ` per ${policy.per}`}  ${amounts}${end}`;
}

async function reset(store: Store, id: string | undefined): Promise<void> {
  if (id === undefined) throw new SettingError(`The id of a limit is missing. ${USAGE}`);
  try {
    const { limit } = await store.resetLimit(DEFAULT_APPLICATION, id, Date.now());
    process.stdout.write(`${id} starts anew; ${formatMoney(fromPico(limit.totals.used))} USD were spent.\n`);
  } catch (error) {
    throw WireError.is(error) ? new SettingError((error as WireError).message) : error;
  }
}

async function simulate(store: Store, options: Readonly<Record<string, unknown>>): Promise<void> {
  const days = Number(options["days"] ?? 7);
  if (!(days > 0 && days <= 3660))
    throw new SettingError(`--days ${String(options["days"])} is no number of days.`);
  const untilMs = Date.now();
  const limit = readLimit(options);
  const result = await store.simulateLimit({
    application: DEFAULT_APPLICATION,
    limit,
    fromMs: untilMs - days * DAY_MS,
    untilMs,
  });
  const { calls, refusedCalls, spent, refused, unpricedCalls, windows } = result;
  const unpriced = unpricedCalls === 0 ? "" : `, ${unpricedCalls} of unknown cost`;
  process.stdout.write(
    `Of ${calls} calls in ${days} days (${formatMoney(spent)} USD${unpriced}) it would have refused ${refusedCalls} (${formatMoney(refused)} USD).\n`,
  );
  for (const window of windows.slice(0, 10)) {
    const since =
      window.windowStartMs === undefined ? "" : ` since ${new Date(window.windowStartMs).toISOString()}`;
    process.stdout.write(
      `  ${window.value === "" ? "all" : window.value}${since}: ${window.refusedCalls} refused (${formatMoney(window.refused)} USD)\n`,
    );
  }
}

function readLimit(options: Readonly<Record<string, unknown>>): LimitInput {
  const max = typeof options["max"] === "string" ? options["max"] : "";
  if (!/^\d+(?:\.\d+)?$/.test(max)) throw new SettingError(`--max ${max} is no amount in USD. ${USAGE}`);
  try {
    const input = decodeLimitInput({
      limit_name: "simulation",
      max: 1,
      limit_type: "block",
      period: options["period"],
      time_zone: options["time-zone"],
      anchor: options["anchor"],
      per: options["per"],
      selector: {
        use_case_name: options["use-case"],
        user_id: options["user"],
        account_name: options["account"],
        category: options["category"],
        resource: options["resource"],
        properties: readProperty(options["property"]),
      },
    });
    return { ...input, max: parseMoney(max) };
  } catch (error) {
    throw WireError.is(error) ? new SettingError((error as WireError).message) : error;
  }
}

function readProperty(given: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof given !== "string") return undefined;
  const at = given.indexOf("=");
  if (at < 1) throw new SettingError(`--property ${given} is no KEY=VALUE. ${USAGE}`);
  return { [given.slice(0, at)]: given.slice(at + 1) };
}
