import { formatMoney, parseMoney } from "@payi/core/cost";
import { type Measures } from "@payi/core/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type TestServer, sonnet, startTestServer } from "../support.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-01T00:00:00Z");
const COST_PER_INPUT = 3n;
const COST_PER_OUTPUT = 15n;

/** Made so that every dimension has a blank, a rare and a frequent value. */
interface Made {
  readonly timeMs: number;
  readonly useCase: string | undefined;
  readonly user: string | undefined;
  readonly tier: string | undefined;
  readonly input: number;
  readonly priced: boolean;
  readonly status: number;
  readonly latency: number | undefined;
}

const events: Made[] = Array.from({ length: 400 }, (_, index) => ({
  timeMs: START + index * 17 * 60_000 + (index % 7) * 1000,
  useCase: ["alpha", "beta", undefined, "gamma", "alpha"][index % 5],
  user: index % 3 === 0 ? undefined : `user-${(index * index) % 11}`,
  tier: ["gold", "silver", undefined][index % 3],
  input: 1 + ((index * 7919) % 5000),
  priced: index % 13 !== 0,
  status: index % 17 === 0 ? 500 : 200,
  latency: index % 4 === 0 ? undefined : index,
}));

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  const { body } = await server.post(
    "/ingest/bulk",
    events.map((event) =>
      sonnet({
        event_timestamp: new Date(event.timeMs).toISOString(),
        resource: event.priced ? "claude-sonnet-4-20250514" : "unknown-model",
        use_case_name: event.useCase,
        use_case_id: event.useCase && "one",
        user_id: event.user,
        properties: event.tier && { tier: event.tier },
        units: { text: { input: event.input, output: 1 } },
        http_status_code: event.status,
        end_to_end_latency_ms: event.latency,
      }),
    ),
  );
  if (body.ingest_count !== events.length) throw new Error(JSON.stringify(body.errors));
});
afterAll(() => server.close());

function sum(made: readonly Made[]): Measures {
  const priced = made.filter((event) => event.priced);
  const input = priced.reduce((total, event) => total + BigInt(event.input) * COST_PER_INPUT, 0n);
  const output = BigInt(priced.length) * COST_PER_OUTPUT;
  const money = (micro: bigint): string | null =>
    priced.length === 0 ? null : formatMoney(micro * 10n ** 12n);
  const timed = made.filter((event) => event.latency !== undefined);
  return {
    requests: made.length,
    errors: made.filter((event) => event.status >= 400).length,
    blocked: 0,
    unpriced: made.length - priced.length,
    cost: money(input + output),
    cost_input: money(input),
    cost_output: money(output),
    tokens_input: made.reduce((total, event) => total + event.input, 0),
    tokens_output: made.length,
    latency_ms:
      timed.length === 0
        ? null
        : timed.reduce((total, event) => total + (event.latency ?? 0), 0) / timed.length,
  };
}

function between(from: number, to: number): readonly Made[] {
  return events.filter((event) => event.timeMs >= from && event.timeMs < to);
}

const period = (from: number, to: number): string =>
  `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

describe("breakdown", () => {
  // Whole days, whole hours, and a period that starts and ends within an hour: rollups, both, and mostly events.
  const periods = [
    [START, START + 96 * HOUR],
    [START + 5 * HOUR, START + 31 * HOUR],
    [START + 5 * HOUR + 123_456, START + 55 * HOUR + 7],
    [START + 1000, START + 2000],
  ] as const;
  const dimensions = [
    ["use_case", (event: Made) => event.useCase],
    ["user", (event: Made) => event.user],
    ["property:tier", (event: Made) => event.tier],
    ["category", () => "system.anthropic"],
    ["account", () => undefined],
  ] as const;

  test.each(dimensions.flatMap(([name, key]) => periods.map(([from, to]) => ({ name, key, from, to }))))(
    "by $name from $from to $to equals the events, part by part",
    async ({ name, key, from, to }) => {
      const { status, body } = await server.get(
        `/analytics/breakdown?group_by=${name}&limit=3&${period(from, to)}`,
      );
      expect(status).toBe(200);
      const made = between(from, to);
      expect(body.total).toEqual(sum(made));
      const named = made.filter((event) => key(event) !== undefined);
      const blank = made.filter((event) => key(event) === undefined);
      expect(body.unattributed).toEqual(blank.length === 0 ? null : sum(blank));
      for (const { key: value, ...measures } of body.rows) {
        expect(measures).toEqual(sum(named.filter((event) => key(event) === value)));
      }
      const shown = new Set(body.rows.map((row: { key: string }) => row.key));
      const rest = named.filter((event) => !shown.has(key(event)));
      expect(body.other).toEqual(rest.length === 0 ? null : sum(rest));
      const costs = body.rows.map((row: Measures) => parseMoney(row.cost ?? "0"));
      expect(costs).toEqual(costs.toSorted((left: bigint, right: bigint) => (left > right ? -1 : 1)));
    },
  );

  test.each([
    ["use_case_name=alpha", (event: Made) => event.useCase === "alpha"],
    ["use_case_name=", (event: Made) => event.useCase === undefined],
    ["user_id=user-1", (event: Made) => event.user === "user-1"],
    ["user_id=", (event: Made) => event.user === undefined],
    ["property.tier=gold", (event: Made) => event.tier === "gold"],
    ["property.tier=", (event: Made) => event.tier === undefined],
    ["pricing=unpriced", (event: Made) => !event.priced],
    ["pricing=priced", (event: Made) => event.priced],
    ["outcome=error", (event: Made) => event.status === 500],
    ["resource=unknown-model", (event: Made) => !event.priced],
    [
      "use_case_name=beta&property.tier=silver&pricing=priced",
      (event: Made) => event.useCase === "beta" && event.tier === "silver" && event.priced,
    ],
    ["use_case_id=one", (event: Made) => event.useCase !== undefined],
    ["account_name=nobody", () => false],
  ] as const)("filtered by %s", async (filter, matches) => {
    const range = period(START, START + 200 * HOUR);
    const { body } = await server.get(`/analytics/breakdown?group_by=user&limit=100&${filter}&${range}`);
    expect(body.total).toEqual(sum(events.filter(matches)));
  });

  test.each([
    "group_by=color",
    "group_by=property:",
    "from=x",
    "from=2026-02-02&to=2026-01-01",
    "limit=-1",
    "pricing=free",
  ])("%s is refused", async (query) => {
    expect((await server.get(`/analytics/breakdown?${query}`)).status).toBe(400);
  });
});

describe("series", () => {
  test.each([
    ["hour", "use_case", START + 90_000, START + 20 * HOUR + 1],
    ["day", "use_case", START + 90_000, START + 90 * HOUR],
    ["day", "user", START, START + 96 * HOUR],
    ["hour", "property:tier", START, START + 10 * HOUR],
  ] as const)(
    "by %s and %s has every bucket, and groups add up to the total",
    async (granularity, group, from, to) => {
      const query = `granularity=${granularity}&group_by=${group}&limit=2&${period(from, to)}`;
      const { body } = await server.get(`/analytics/series?${query}`);
      const step = granularity === "hour" ? HOUR : 24 * HOUR;
      const starts: number[] = body.buckets.map((start: string) => Date.parse(start));
      expect(starts[0]).toBe(Math.floor(from / step) * step);
      expect(starts.every((start, index) => start === (starts[0] ?? 0) + index * step)).toBe(true);
      expect((starts.at(-1) ?? 0) + step).toBeGreaterThanOrEqual(to);
      for (const [index, start] of starts.entries()) {
        const made = between(Math.max(from, start), Math.min(to, start + step));
        expect(body.total[index]).toEqual(sum(made));
        const requests = body.groups.map((each: { points: Measures[] }) => each.points[index]?.requests ?? 0);
        expect(requests.reduce((left: number, right: number) => left + right, 0)).toBe(made.length);
      }
      const kinds = body.groups.map((each: { kind: string }) => each.kind);
      expect(kinds.filter((kind: string) => kind === "value").length).toBeLessThanOrEqual(2);
    },
  );

  test("more buckets than a chart can show are refused with a way out", async () => {
    const { status, body } = await server.get(
      "/analytics/series?granularity=hour&from=2024-01-01&to=2026-01-01",
    );
    expect(status).toBe(400);
    expect(body.message).toContain("days");
  });
});

describe("lists", () => {
  test("requests come newest first, page by page, each once", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const path = `/analytics/requests?limit=37&${period(START, START + 200 * HOUR)}&cursor=${cursor}`;
      // oxlint-disable-next-line no-await-in-loop -- a page names the next one
      const { body } = await server.get(path);
      seen.push(...body.items.map((item: { time: string }) => item.time));
      cursor = body.cursor ?? "";
    } while (cursor !== "");
    const expected = events.map((event) => new Date(event.timeMs).toISOString()).toReversed();
    expect(seen).toEqual(expected);
  });

  test("requests can be filtered like everything else", async () => {
    const range = period(START, START + 200 * HOUR);
    const { body } = await server.get(`/analytics/requests?use_case_name=gamma&pricing=unpriced&${range}`);
    expect(body.items).toHaveLength(
      events.filter((event) => event.useCase === "gamma" && !event.priced).length,
    );
    expect(body.items[0]).toMatchObject({ use_case_name: "gamma", cost: null, status: "unknown_model" });
  });

  test("an instance tells its totals and its calls in order", async () => {
    const { body } = await server.get("/analytics/instances/beta/one");
    const made = events.filter((event) => event.useCase === "beta");
    expect(body).toMatchObject(sum(made));
    expect(body.calls.map((call: { time: string }) => call.time)).toEqual(
      made.map((event) => new Date(event.timeMs).toISOString()),
    );
    const list = await server.get(
      `/analytics/instances?use_case_name=beta&${period(START, START + 200 * HOUR)}`,
    );
    expect(list.body.items).toHaveLength(1);
    expect(list.body.items[0]).toMatchObject({ use_case_name: "beta", use_case_id: "one", ...sum(made) });
  });

  test("an instance outside of the period is not listed", async () => {
    expect((await server.get("/analytics/instances?from=2020-01-01&to=2020-02-01")).body.items).toEqual([]);
  });
});

describe("KPIs and status", () => {
  test("a KPI has mean or share, attainment and the cost of a success", async () => {
    await server.post("/use_cases/definitions/beta/kpis", {
      name: "found",
      description: "d",
      kpi_type: "boolean",
      goal: 0.5,
    });
    await server.post("/use_cases/definitions/beta/kpis", {
      name: "stars",
      description: "d",
      kpi_type: "likert5",
      goal: 4,
    });
    const time = new Date(START + 201 * HOUR).toISOString();
    for (const [id, found] of [
      ["s1", true],
      ["s2", true],
      ["s3", false],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- the instance comes before its score
      await server.post("/ingest", sonnet({ use_case_name: "beta", use_case_id: id, event_timestamp: time }));
      // oxlint-disable-next-line no-await-in-loop
      await server.put(`/use_cases/instances/beta/${id}/kpis/found`, { score: found });
    }
    const range = period(START + 200 * HOUR, START + 202 * HOUR);
    const { body } = await server.get(`/analytics/kpis?use_case_name=beta&${range}`);
    expect(body).toMatchObject({ use_case_name: "beta", instances: 3 });
    expect(body.kpis).toMatchObject([
      { kpi_name: "found", count: 3, value: 2 / 3, attainment: 2 / 3 / 0.5, cost_per_success: "0.00675" },
      { kpi_name: "stars", count: 0, value: null, attainment: null, cost_per_success: null },
    ]);
    // Each cost 0.0045: the two successes were 0.00225 below their share, and the third was 0.0045 above it.
    expect(body.kpis[0].cost_per_success_interval).toEqual({ low: "0.000135", high: "0.013365" });
    expect((await server.get("/analytics/kpis")).body.xproxy_error.code).toBe("required_field_missing");
    expect((await server.get("/analytics/kpis?use_case_name=nope")).status).toBe(404);
  });

  test("status tells first and last event and the book in force", async () => {
    const { body } = await server.get("/analytics/status");
    expect(body).toMatchObject({
      application: "default",
      first_event: new Date(START).toISOString(),
      events: events.length + 3,
      seeded_events: 0,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test("versions of a use case are told apart in cost, counts and KPIs", async () => {
    const name = "versioned";
    const at = new Date(START + HOUR).toISOString();
    await server.post("/use_cases/definitions", { name });
    await server.post(`/use_cases/definitions/${name}/kpis`, {
      kpi_name: "ok",
      kpi_type: "boolean",
      goal: 1,
    });
    for (const version of [1, 2, 2]) {
      const id = `v${version}-${Math.random()}`;
      const call = { use_case_name: name, use_case_id: id, use_case_version: version, event_timestamp: at };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await server.post("/ingest", sonnet(call));
      // oxlint-disable-next-line no-await-in-loop -- the same
      await server.put(`/use_cases/instances/${name}/${id}/kpis/ok`, { score: version - 1 });
    }
    const period = `use_case_name=${name}&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z`;
    const { body: groups } = await server.get(`/analytics/breakdown?group_by=version&${period}`);
    const counts = groups.rows.map(({ key, requests }: { key: string; requests: number }) => [key, requests]);
    expect(Object.fromEntries(counts)).toEqual({ "1": 1, "2": 2 });
    const { body: second } = await server.get(`/analytics/kpis?use_case_version=2&${period}`);
    expect(second).toMatchObject({ instances: 2, kpis: [{ count: 2, value: 1 }] });
    const { body: first } = await server.get(`/analytics/instances?use_case_version=1&${period}`);
    expect(first.items).toHaveLength(1);
    expect((await server.get(`/analytics/kpis?use_case_version=x&${period}`)).status).toBe(400);
    const { body: sources } = await server.get(`/analytics/breakdown?group_by=usage_source&${period}`);
    expect(sources.total.requests).toBe(3);
  });

  test("counters, ledger and rows agree", async () => {
    expect(await server.store.verify()).toEqual([]);
  });
});
