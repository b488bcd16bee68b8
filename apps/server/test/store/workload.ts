/** A seeded, random history of everything an application does, in two parts: what is done, and what is then asked. */
import { type Dimension } from "@payi/core/wire";

import { Random } from "../../src/demo/random.ts";
import { type NewEvent } from "../../src/store/event.ts";
import { type EventFilter } from "../../src/store/query.ts";
import { type Store } from "../../src/store/store.ts";
import { newEvent } from "./support.ts";

/** One thing that is done; its outcome, an error too, is part of the comparison. */
export type Deed = (store: Store) => Promise<unknown>;

/** An answer as text in which two stores may be compared: without the ids and times that each makes by itself. */
export function toComparable(answer: unknown): string {
  const text = JSON.stringify(answer, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  return (text ?? "nothing")
    .replaceAll(/(?!0193)[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g, "made")
    .replaceAll(/"(created|updated|started|lastSeen|voided)Ms":1\d{12}/g, '"$1Ms":0');
}

export const APPLICATION = "default";
const HOUR_MS = 3_600_000;
const MAX = 2n ** 63n - 1n;

/** Text that sorts, compares and escapes in ways of its own. */
const NAMES = [
  "a",
  "A",
  "Z",
  "z",
  "ä",
  "Ä",
  "e\u0301",
  "é",
  "ß",
  "😀",
  "\u{10FFFF}",
  "\uFFFD",
  "~",
  " ",
  "日本",
  "a b",
  "ı",
  "İ",
] as const;
const KEYS = ["plan", "a.b", "$.a", '"quoted"', "\\", "ü", "__proto__", "[0]", "%", "constructor"] as const;
const VALUES = [
  "free",
  "Free",
  "",
  "null",
  "1",
  "1.0",
  "'",
  '"',
  "\\u0000",
  "{}",
  "😀",
  "line\nbreak",
] as const;
const USE_CASES = ["search", "Search", "chat", "a_b", "a.b", "a-b"] as const;
const LIMITS = ["l1", "l2", "l3"] as const;
const DIMENSIONS: readonly Dimension[] = [
  "use_case",
  "resource",
  "category",
  "user",
  "account",
  "property:plan",
  "property:a.b",
  "property:$.a",
  "property:__proto__",
  'property:"quoted"',
];

/** The same seed makes the same deeds, with the same ids and times. */
export function makeDeeds(seed: number, count: number): readonly Deed[] {
  const random = new Random(seed);
  const maker = new EventMaker(random);
  const deeds: Deed[] = [...LIMITS].map(
    (id, index) => (store: Store) =>
      store.createLimit({
        application: APPLICATION,
        id,
        name: `limit ${id}`,
        max: 10n ** BigInt(18 + index * 3),
        limitType: "allow",
        threshold: index === 0 ? undefined : 0.8,
        properties: {},
      }),
  );
  for (const name of USE_CASES.slice(0, 3)) {
    const useCase = { application: APPLICATION, name, description: `about ${name}`, seeded: false };
    const limitConfig = name === "chat" ? ({ max: 10n ** 18n, limitType: "allow" } as const) : undefined;
    deeds.push((store) =>
      store.createUseCase({ ...useCase, limitConfig, loggingEnabled: undefined, properties: {} }),
    );
    const kpi = { application: APPLICATION, useCase: name, description: "d", seeded: false } as const;
    deeds.push((store) => store.createKpi({ ...kpi, name: "found", kpiType: "boolean", goal: 0.5 }));
    deeds.push((store) => store.createKpi({ ...kpi, name: "stars", kpiType: "number", goal: 0.3 }));
  }
  while (deeds.length < count) deeds.push(makeDeed(random, maker));
  return deeds;
}

function makeDeed(random: Random, maker: EventMaker): Deed {
  const dice = random.next();
  const place = { application: APPLICATION, useCase: random.pick(USE_CASES), id: `i${random.integer(0, 5)}` };
  if (dice < 0.52) {
    // Some are written in parts, told in several rows, and charged in several lists.
    const most = dice < 0.02 ? 450 : 25;
    const batch = Array.from({ length: random.integer(1, most) }, () => maker.next());
    return (store) => store.ingest(batch);
  }
  if (dice < 0.57) {
    const batch = Array.from({ length: random.integer(1, 8) }, () => maker.corrected());
    return (store) => store.upsertEvents(batch);
  }
  if (dice < 0.6) {
    const name = { application: APPLICATION, id: maker.recorded(random) };
    return async (store) => (await store.voidEvent({ name, actor: "test", reason: "r" })).event;
  }
  if (dice < 0.72) {
    const score = {
      ...place,
      instance: place.id,
      kpi: random.pick(["found", "stars"]),
      seeded: random.chance(0.2),
    };
    const value =
      score.kpi === "found" ? random.integer(0, 1) : random.pick([0.1, 0.2, 0.3, 1e-9, 12345.678]);
    const given = { ...score, score: random.chance(0.1) ? null : value };
    return (store) => store.recordScore(given);
  }
  if (dice < 0.78) {
    const properties = { [random.pick(KEYS)]: random.chance(0.3) ? null : random.pick(VALUES) };
    return (store) => store.changeInstanceProperties(place, properties);
  }
  if (dice < 0.86) {
    const id = maker.recorded(random);
    const patch = random.chance(0.5)
      ? { "system.failure": random.pick(["broke", "timeout"]) }
      : { plan: "pro" };
    return (store) => store.changeEventProperties({ application: APPLICATION, id }, patch);
  }
  if (dice < 0.9) {
    const [id, resetMs] = [random.pick(LIMITS), random.integer(0, 60) * HOUR_MS];
    return async (store) => {
      const { limit } = await store.resetLimit(APPLICATION, id, resetMs);
      return limit.totals;
    };
  }
  if (dice < 0.93) return (store) => store.deleteInstance(place);
  if (dice < 0.95) {
    const count = random.integer(1, 20);
    return (store) => store.removeSeeded(APPLICATION, count);
  }
  if (dice < 0.97) {
    const change = { application: APPLICATION, name: place.useCase, incrementVersion: true };
    return (store) => store.changeUseCase(change);
  }
  const [useCase, name] = [random.pick(USE_CASES), "stars"];
  return (store) => store.changeKpi({ application: APPLICATION, useCase, name, description: "e", goal: 0.7 });
}

/** Makes events, some of them again and some that break a rule. */
class EventMaker {
  readonly #random: Random;
  readonly #made: NewEvent[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  recorded(random: Random): string {
    return this.#made[Math.floor(random.next() * this.#made.length)]?.id ?? "nothing";
  }

  /** A later report of a call that was reported before. */
  corrected(): NewEvent {
    const known = this.#made.filter((event) => event.key !== undefined);
    const next = this.next();
    const first = known[Math.floor(this.#random.next() * known.length)];
    if (first === undefined) return next;
    const { key, providerResponseId, category } = first;
    const corrected = { ...next, key, providerResponseId, category };
    this.#made[this.#made.length - 1] = corrected;
    return corrected;
  }

  next(): NewEvent {
    const random = this.#random;
    const number = this.#made.length;
    const maybe = <Item>(item: Item): Item | null => (random.chance(0.7) ? item : null);
    const again = random.chance(0.08) ? this.#made[Math.floor(random.next() * number)] : undefined;
    const key =
      again?.key ?? (random.chance(0.5) ? { kind: "response" as const, id: `r${number}` } : undefined);
    const units = { text: { input: random.integer(0, 3), output: 1 } };
    const total = random.chance(0.1)
      ? MAX
      : BigInt(random.integer(0, 10 ** 9)) * BigInt(random.integer(0, 10 ** 6));
    const priced = random.chance(0.85);
    const event = newEvent({
      id: `0193${number.toString(16).padStart(4, "0")}-0000-7000-8000-${number.toString().padStart(12, "0")}`,
      // Many share a moment, so that ids have to break ties.
      timeMs: random.integer(0, 60) * HOUR_MS + random.pick([0, 1, HOUR_MS - 1]),
      category: random.pick(["system.openai", "system.anthropic"]),
      resource: maybe(random.pick(NAMES)),
      useCase: maybe(random.pick(USE_CASES)),
      user: maybe(random.pick(NAMES)),
      account: maybe(random.pick(NAMES)),
      latencyMs: maybe(random.integer(0, 100_000)),
      units: again === undefined ? units : again.units,
      cost: priced ? { input: total / 3n, output: total - total / 3n, total } : null,
      pricingStatus: priced ? "priced" : "unknown_model",
      unknownUnits: priced ? {} : { [random.pick(KEYS)]: { input: 1, output: 0 } },
      providerUri: maybe(random.pick(["https://a.example/v1", "https://a.example/v2", "nonsense"])),
      error: random.chance(0.1),
      outcome: random.pick(["ok", "error"]),
      seeded: random.chance(0.1),
      key,
      providerResponseId: key?.id ?? null,
      properties: random.chance(0.5) ? { [random.pick(KEYS)]: random.pick(VALUES) } : {},
      instanceProperties: random.chance(0.3) ? { [random.pick(KEYS)]: random.pick(VALUES) } : {},
      limitIds: random.pick([undefined, [], ["l1"], ["l1", "l2"], ["l3"], ["l1", "l1"], ["nowhere"]]),
    });
    // An event without a use case that names an instance that nobody knows is refused.
    const stray = random.chance(0.1) ? "nobody knows" : null;
    const placed = { ...event, instance: event.useCase === null ? stray : `i${random.integer(0, 5)}` };
    this.#made.push(again === undefined ? placed : { ...placed, category: again.category });
    return this.#made.at(-1) ?? placed;
  }
}

/** Every question, with its name. Ids and times that a store makes by itself are not asked for. */
export async function askEverything(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const answers: Record<string, unknown> = {};
  const whole = { application: APPLICATION, fromMs: 0, toMs: 61 * HOUR_MS, filter: {} };
  // Starts and ends within an hour and within a day: rollups in the middle, rows at the edges.
  const part = { ...whole, fromMs: 5 * HOUR_MS + 1, toMs: 50 * HOUR_MS + 7 };
  for (const groupBy of DIMENSIONS) {
    for (const [name, span] of Object.entries({ whole, part })) {
      answers[`breakdown ${groupBy} ${name}`] = await store.breakdown({ ...span, groupBy, limit: 4 });
      const series = { ...span, groupBy, limit: 3 };
      answers[`series ${groupBy} ${name}`] = await store.series({ ...series, granularity: "day" });
    }
    answers[`hours ${groupBy}`] = await store.series({ ...part, groupBy, limit: 3, granularity: "hour" });
  }
  for (const filter of FILTERS) {
    const name = JSON.stringify(filter);
    answers[`filtered ${name}`] = await store.breakdown({ ...part, filter, groupBy: "account", limit: 50 });
    for (const ascending of [true, false]) {
      answers[`events ${name} ${ascending}`] = await allPages(
        (page) => store.events({ ...part, filter }, page),
        ascending,
      );
    }
  }
  for (const ascending of [true, false]) {
    answers[`instances ${ascending}`] = await allPages((page) => store.instances(whole, page), ascending);
  }
  for (const useCase of USE_CASES) {
    answers[`kpis ${useCase}`] = await kpisOf(store, useCase);
    answers[`use case ${useCase}`] = await store.useCase(APPLICATION, useCase);
  }
  for (const id of LIMITS) answers[`limit ${id}`] = (await store.limit(APPLICATION, id))?.totals;
  answers["unpriced"] = await store.unpricedUsage(APPLICATION, 0, whole.toMs);
  answers["unpriced totals"] = await store.unpricedTotals();
  answers["status"] = await store.status(APPLICATION);
  const { entries: told } = await store.stream(APPLICATION, 0, 10_000);
  answers["stream"] = told.map(({ seq: _seq, ...entry }) => entry);
  answers["verify"] = await store.verify();
  return answers;
}

const FILTERS: readonly EventFilter[] = [
  {},
  { user: "é" },
  { user: "" },
  { account: "İ" },
  { resource: "Z", priced: true },
  { priced: false },
  { useCase: "search", outcome: "error" },
  { instance: "i1" },
  { properties: [["plan", "free"]] },
  { properties: [["plan", ""]] },
  {
    properties: [
      ["a.b", "1"],
      ["$.a", ""],
    ],
  },
  { properties: [["__proto__", "{}"]] },
  { properties: [['"quoted"', "😀"]] },
];

async function kpisOf(store: Store, useCase: string): Promise<unknown> {
  const whole = { application: APPLICATION, fromMs: 0, toMs: 61 * HOUR_MS, filter: {} };
  const { instances, kpis } = await store.kpiSummary(whole, useCase);
  return { instances, kpis: kpis.toSorted((left, right) => (left.kpi.name < right.kpi.name ? -1 : 1)) };
}

/** Walks through a list by its cursors. */
async function allPages<Item>(
  read: (page: Parameters<Store["events"]>[1]) => Promise<{
    readonly items: readonly Item[];
    readonly next: { readonly order: number; readonly id: string } | undefined;
  }>,
  ascending: boolean,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let after: { readonly order: number; readonly id: string } | undefined;
  do {
    const page = await read({ limit: 7, ascending, after });
    items.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return items;
}
