/** The platform's answers about limits over made-up requests, in the shapes of the wire. What is written is kept. */
import { type RequestDetail } from "@payi/core/wire";

import { type FixtureData, decimal, nanoOf } from "./fixture-events.ts";

type Body = Readonly<Record<string, unknown>>;

/** A limit as it stands on the wire, with what was spent of it. */
interface FixtureLimit {
  readonly body: Body;
  readonly spent: bigint;
  readonly held: bigint;
  readonly added: bigint;
  readonly closed: readonly object[];
}

const DAY = 86_400_000;
const SELECTED = [
  ["use_case_name", "use_case_name"],
  ["user_id", "user_id"],
  ["account_name", "account_name"],
] as const;

/** The answer to a call below `/limits`; undefined where there is none. */
export type FixtureLimits = (method: string, url: URL, body: unknown) => object | undefined;

export function makeLimits(data: () => FixtureData): FixtureLimits {
  const limits = new Map<string, FixtureLimit>();
  const add = (body: Body): string => {
    const id = typeof body["limit_id"] === "string" ? body["limit_id"] : `limit_${limits.size + 1}`;
    const spent = (body["spent"] as bigint | undefined) ?? 0n;
    const held = (body["held"] as bigint | undefined) ?? 0n;
    limits.set(id, { body: { ...body, limit_id: id }, spent, held, added: 0n, closed: [] });
    return id;
  };
  if (data().requests.length > 0) for (const body of FIRST) add(body);

  const put = (id: string, change: Partial<FixtureLimit>): object => {
    const limit = limits.get(id);
    if (limit === undefined) throw new Error(`No limit ${id}.`);
    limits.set(id, { ...limit, ...change });
    return one(limits.get(id) ?? limit);
  };
  const topUp = (id: string, limit: FixtureLimit, body: Body): object =>
    put(id, { added: limit.added + nanoOf(String(body["amount"])) });
  const simulate = (given: Body): object => {
    const limit = given["limit"] as Body;
    const calls = data().requests.filter((request) => isMeant(request, limit["selector"] as Body | null));
    let [spent, refused] = [0n, 0n];
    let refusedCalls = 0;
    for (const { cost } of calls.toReversed()) {
      spent += nanoOf(cost);
      if (spent - refused <= nanoOf(String(limit["max"]))) continue;
      refused += nanoOf(cost);
      refusedCalls += 1;
    }
    const unpriced = calls.filter(({ cost }) => cost === null).length;
    const sums = { spent: decimal(spent), refused: decimal(refused), refused_calls: refusedCalls };
    return {
      calls: calls.length,
      unpriced_calls: unpriced,
      ...sums,
      windows: [{ value: "", window_start: null, window_end: null, ...sums }],
    };
  };

  return (method, url, given) => {
    const [, id, part] = url.pathname.slice("/api/v1/".length).split("/").map(decodeURIComponent);
    const body = (given ?? {}) as Body;
    if (id === undefined) {
      return method === "POST"
        ? one(limits.get(add(body)) as FixtureLimit)
        : page([...limits.values()].map(encode));
    }
    if (id === "simulate") return simulate(body);
    const limit = limits.get(id);
    if (limit === undefined) return undefined;
    if (method === "DELETE") return { request_id: "fixture", message: String(limits.delete(id)) };
    if (method === "PUT") return put(id, { body: { ...limit.body, ...body } });
    if (part === "windows") return page([window(limit)]);
    if (part === "history") return page(limit.closed);
    if (part === "ladder") return { request_id: "fixture", steps: STEPS };
    if (part === "top_up") return topUp(id, limit, body);
    if (part === "raise") return put(id, { body: { ...limit.body, raise: { author: "ann", ...body } } });
    if (part !== "reset") return one(limit);
    const closed = { ...window(limit), held: "0", closed: new Date().toISOString() };
    return put(id, { spent: 0n, closed: [closed, ...limit.closed] });
  };
}

const FIRST: readonly Body[] = [
  {
    limit_id: "trail_finder_daily",
    limit_name: "Trail finder per day",
    limit_type: "block",
    max: 5,
    threshold: 0.8,
    levels: [0.5, 0.95],
    selector: { use_case_name: "trail_finder" },
    period: "day",
    time_zone: "America/Denver",
    spent: 3_920_000_000n,
    held: 310_500_000n,
  },
  {
    limit_id: "per_user",
    limit_name: "Every user <img src=x onerror=\"document.title='owned'\">",
    limit_type: "block",
    max: 0.5,
    threshold: 0.9,
    selector: {},
    per: "user_id",
    period: "rolling:24h",
    ladder: [
      { at: 0.8, action: "switch_model", from: "gpt-5", model: "gpt-5-mini" },
      { at: 1, action: "block" },
    ],
    spent: 612_000_001n,
    held: 0n,
  },
  { limit_id: "prepaid", limit_name: "Prepaid", limit_type: "allow", max: 200, spent: 12_345_678_900n },
];

/** What the ladder did, with a step that it has no more. */
const STEPS: readonly object[] = [
  { at: 0.5, action: "cap_output", calls: 2, saved: "0", saved_at_most: "0.75", unknown_calls: 1 },
  {
    at: 0.8,
    action: "switch_model",
    calls: 12,
    saved: "1.234567",
    saved_at_most: "1.234567",
    unknown_calls: 0,
  },
];

function isMeant(request: RequestDetail, selector: Body | null): boolean {
  return (
    selector !== null &&
    SELECTED.every(([name, field]) => selector[name] === undefined || request[field] === selector[name])
  );
}

function encode({ body, spent, held }: FixtureLimit): object {
  const { spent: _spent, held: _held, ...rest } = body;
  return {
    properties: {},
    threshold: null,
    limit_creation_timestamp: "2026-11-01T08:00:00.000Z",
    limit_update_timestamp: "2026-11-01T08:00:00.000Z",
    ...rest,
    totals: {
      cost: { total: { base: Number(decimal(spent)), base_decimal: decimal(spent) } },
      held: decimal(held),
      value: body["per"] === undefined ? "" : "jane",
      ...bounds(body),
      requests: counts(),
    },
  };
}

function window({ body, spent, held, added }: FixtureLimit): object {
  const raise = body["raise"] as Body | undefined;
  return {
    limit_id: body["limit_id"],
    value: body["per"] === undefined ? "" : "jane",
    max: decimal(nanoOf(String(raise?.["max"] ?? body["max"])) + added),
    spent: decimal(spent),
    held: decimal(held),
    ...bounds(body),
    requests: counts(),
  };
}

function bounds({ period }: Body): object {
  const start = Math.floor(Date.now() / DAY) * DAY;
  const isOpen = !["hour", "day", "week", "month"].includes(String(period));
  return {
    window_start: new Date(start).toISOString(),
    window_end: isOpen ? null : new Date(start + DAY).toISOString(),
  };
}

function counts(): object {
  return { ok: 400, exceeded: 12, overrun: 0, blocked: 3, blocked_external: 1, failed: 2, total: 418 };
}

function one(limit: FixtureLimit): object {
  return { request_id: "fixture", limit: encode(limit) };
}

function page(items: readonly object[]): object {
  return { request_id: "fixture", items, cursor: null };
}
