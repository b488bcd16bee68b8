/** Both engines give the same answers, to the last digit and in the same order. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { type IngestOutcome, type StoredEvent } from "../../src/store/event.ts";
import { NO_SUMS, type Sums, addSums } from "../../src/store/sums.ts";
import { type TestStore, describePostgres, openTestStore } from "./support.ts";
import { APPLICATION, type Deed, askEverything, makeDeeds, toComparable } from "./workload.ts";

const SEEDS = (process.env["PAYI_TEST_SEEDS"] ?? "1,2").split(",").map(Number);
const DEEDS = 250;

describePostgres.each(SEEDS)("a random history of seed %i", (seed) => {
  let sqlite: TestStore;
  let postgres: TestStore;
  const recorded = new Map<string, StoredEvent>();

  beforeAll(async () => {
    [sqlite, postgres] = await Promise.all([openTestStore("sqlite"), openTestStore("postgres")]);
  });
  afterAll(() => Promise.all([sqlite.close(), postgres.close()]));

  test("has the same outcome at every step", async () => {
    for (const [index, deed] of makeDeeds(seed, DEEDS).entries()) {
      const [first, second] = await Promise.all([attempt(sqlite, deed), attempt(postgres, deed)]);
      expect(`${index} ${toComparable(second)}`).toBe(`${index} ${toComparable(first)}`);
      note(recorded, first);
    }
    expect(recorded.size).toBeGreaterThan(DEEDS);
  });

  test("leaves the same answer to every question", async () => {
    const [first, second] = [await askEverything(sqlite), await askEverything(postgres)];
    expect(first["verify"]).toEqual([]);
    for (const question of Object.keys(first)) {
      expect(`${question} ${toComparable(second[question])}`).toBe(
        `${question} ${toComparable(first[question])}`,
      );
    }
  });

  test.each(["user", "account", "resource", "use_case", "category"] as const)(
    "by %s adds up to what an oracle of bigints has added up",
    async (groupBy) => {
      const span = { application: APPLICATION, fromMs: 0, toMs: 10 ** 9, filter: {} };
      const field = groupBy === "use_case" ? "useCase" : groupBy;
      const oracle = new Map<string, Sums>();
      for (const event of recorded.values()) {
        const key = event[field] ?? "";
        oracle.set(key, addSums(oracle.get(key) ?? NO_SUMS, sumsOf(event)));
      }
      for (const store of [sqlite, postgres]) {
        const { rows, unattributed } = await store.breakdown({ ...span, groupBy, limit: 1000 });
        const found = new Map(rows.map((row) => [row.key, row.sums]));
        if (unattributed !== null) found.set("", unattributed);
        expect(found).toEqual(oracle);
      }
    },
  );
});

/** What a deed came to; a refusal as its message. */
async function attempt(store: TestStore, deed: Deed): Promise<unknown> {
  try {
    return await deed(store);
  } catch (error) {
    return String(error);
  }
}

/** Keeps the oracle's own list of events: what was recorded, changed, and taken back. */
function note(recorded: Map<string, StoredEvent>, outcome: unknown): void {
  if (typeof outcome === "number") {
    const seeded = [...recorded.values()].filter((event) => event.seeded).map((event) => event.id);
    for (const id of seeded.toSorted().slice(0, outcome)) recorded.delete(id);
  } else if (Array.isArray(outcome)) {
    for (const item of outcome as IngestOutcome[]) {
      if ("event" in item && !item.duplicate) recorded.set(item.event.id, item.event);
    }
  } else if (isEvent(outcome)) {
    recorded.set(outcome.id, outcome);
  }
}

function isEvent(outcome: unknown): outcome is StoredEvent {
  return typeof outcome === "object" && outcome !== null && "providerResponseId" in outcome;
}

function sumsOf(event: StoredEvent): Sums {
  return {
    requests: 1,
    errors: event.error ? 1 : 0,
    blocked: 0,
    unpriced: event.cost === null ? 1 : 0,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    cost: event.cost?.total ?? 0n,
    costInput: event.cost?.input ?? 0n,
    latencySum: event.latencyMs ?? 0,
    latencyCount: event.latencyMs === null ? 0 : 1,
  };
}
