import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { AlertRunner } from "../../../src/domain/alerts/alert-runner.ts";
import { createSending } from "../../../src/domain/alerts/alerts.ts";
import { MOST_ATTEMPTS } from "../../../src/domain/alerts/backoff.ts";
import { readChannel } from "../../../src/domain/alerts/channel.ts";
import { ClientReports } from "../../../src/domain/alerts/client-reports.ts";
import { readRule } from "../../../src/domain/alerts/rules.ts";
import { type StoredAlert } from "../../../src/store/alert.ts";
import { type Receiver, startReceiver } from "../../receiver.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "../../store/support.ts";

const HOUR_MS = 3_600_000;
const USD = 1_000_000_000_000n;
const PAGE = { limit: 100, ascending: true, after: undefined };

onEachEngine("alerts", (engine) => {
  let store: TestStore;
  let receiver: Receiver;
  const sending = createSending({
    secretKey: "the key of these tests",
    allowedHosts: [{ scheme: "http", host: "127.0.0.1", port: undefined }],
  });
  const errors: unknown[] = [];
  beforeAll(async () => {
    [store, receiver] = await Promise.all([openTestStore(engine), startReceiver()]);
  });
  afterAll(async () => {
    await store.close();
    await receiver[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    receiver.received.length = 0;
    receiver.answer = () => ({ status: 200 });
    errors.length = 0;
  });

  let made = 0;
  /** An application of its own, with a webhook. */
  async function newApplication() {
    made += 1;
    const application = `application-${made}`;
    await store.makeApplication(application);
    const wanted = { name: "hook", kind: "webhook", url: receiver.url };
    const { channel } = await readChannel(wanted, application, sending);
    const { value } = await store.createAlertChannel(channel, "test");
    return { application, channel: value.id };
  }

  async function newRule(application: string, fields: Record<string, unknown>) {
    made += 1;
    return (await store.createAlertRule(readRule({ name: `rule ${made}`, ...fields }, application), "test"))
      .value;
  }

  function newRunner(reports = new ClientReports()) {
    return new AlertRunner({
      ...sending,
      store,
      reports,
      intervalMs: HOUR_MS,
      checkEveryMs: 0,
      onError: (error) => errors.push(error),
      random: () => 0.5,
    });
  }

  async function history(application: string): Promise<readonly StoredAlert[]> {
    return (await store.alertHistory(application, {}, PAGE)).items;
  }

  const unpriced = (application: string, resource: string) =>
    newEvent({
      application,
      resource,
      pricingStatus: "unknown_model",
      cost: null,
      timeMs: Date.now(),
      receivedMs: Date.now(),
    });

  test("two servers on one store tell each thing once", async () => {
    const { application, channel } = await newApplication();
    await newRule(application, { kind: "unpriced", channels: [channel] });
    await store.ingest(["a", "b", "c"].map((resource) => unpriced(application, resource)));
    const runners = [newRunner(), newRunner()];
    for (let round = 0; round < 3; round += 1) await Promise.all(runners.map((runner) => runner.turn()));
    expect(receiver.received).toHaveLength(3);
    expect(await history(application)).toHaveLength(3);
    await Promise.all(runners.map((runner) => runner.stop()));
    // The lease was given back, so a third one need not wait for its end.
    const third = newRunner();
    await store.ingest([unpriced(application, "d")]);
    await third.turn();
    await third.stop();
    expect(receiver.received).toHaveLength(4);
    expect(errors).toEqual([]);
  });

  test("a server that dies keeps others waiting until its lease ends, and what it was sending is sent again", async () => {
    const { application, channel } = await newApplication();
    await newRule(application, { kind: "unpriced", channels: [channel] });
    await store.ingest([unpriced(application, "x")]);
    const now = Date.now();
    expect(await store.takeLease("alerts", "the dead one", now, 60_000)).toBe(true);
    const runner = newRunner();
    await runner.turn(now + 1000);
    expect(await history(application)).toEqual([]);
    await runner.turn(now + 61_000);
    expect(receiver.received).toHaveLength(1);
    // Claimed, and never heard of again.
    await store.ingest([unpriced(application, "y")]);
    const found = await store.alertRecords(application, 10);
    const last = found?.records.at(-1);
    const [rule] = (await store.alertRules(application, PAGE)).items;
    if (found === undefined || last === undefined || rule === undefined) throw new Error("Nothing to raise.");
    const alert = { ruleId: rule.id, ruleName: rule.name, kind: rule.kind, subject: "y", period: "p" };
    const told = { ...alert, title: "t", body: "b", facts: {}, channels: [channel] };
    await store.raiseAlerts(application, [told], { fromSeq: found.fromSeq, toSeq: last.seq });
    const [claimed] = await store.claimDeliveries(now + 61_000, 120_000, 10);
    await runner.turn(now + 62_000);
    expect(receiver.received).toHaveLength(1);
    await runner.turn(now + 200_000);
    expect(receiver.received.at(-1)?.headers["webhook-id"]).toBe(claimed?.id);
    await runner.stop();
  });

  test("moving on in the outbox happens once, whoever comes second", async () => {
    const { application } = await newApplication();
    await newRule(application, { kind: "unpriced" });
    const alert = { ruleId: "r", ruleName: "r", kind: "unpriced", period: "p", title: "t", body: "b" };
    const told = (subject: string) => ({ ...alert, subject, facts: {}, channels: [] });
    const found = await store.alertRecords(application, 10);
    const moved = { fromSeq: found?.fromSeq ?? 0, toSeq: (found?.fromSeq ?? 0) + 1 };
    expect(await store.raiseAlerts(application, [told("one")], moved)).toHaveLength(1);
    expect(await store.raiseAlerts(application, [told("two")], moved)).toEqual([]);
    expect(await store.raiseAlerts(application, [told("one")])).toEqual([]);
    expect(await store.isRaised(application, "r", "one", "p")).toBe(true);
  });

  test("a failure is tried again with pauses, heeds Retry-After, and ends as a dead letter", async () => {
    const { application, channel } = await newApplication();
    await newRule(application, { kind: "unpriced", channels: [channel] });
    await store.ingest([unpriced(application, "x")]);
    receiver.answer = () => ({ status: 503, headers: { "retry-after": "100" } });
    const runner = newRunner();
    const before = Date.now();
    await runner.turn();
    const [first] = (await history(application))[0]?.deliveries ?? [];
    expect(first).toMatchObject({ state: "pending", attempts: 1, lastStatus: 503 });
    expect((first?.nextMs ?? 0) - before).toBeGreaterThanOrEqual(100_000);
    receiver.answer = () => ({ status: 500 });
    let now = Date.now();
    for (let attempt = 2; attempt <= MOST_ATTEMPTS; attempt += 1) {
      now += 2 * HOUR_MS;
      await runner.turn(now);
    }
    const [last] = (await history(application))[0]?.deliveries ?? [];
    expect(last).toMatchObject({
      state: "dead",
      attempts: MOST_ATTEMPTS,
      nextMs: null,
      lastError: "It answered 500: said by the receiver",
    });
    expect(receiver.received).toHaveLength(MOST_ATTEMPTS);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).toEqual(
      new Set([first?.id]),
    );
    await runner.turn(now + 24 * HOUR_MS);
    expect(receiver.received).toHaveLength(MOST_ATTEMPTS);
    await runner.stop();
  });

  test("what limits tell of levels and refusals arrives once for each window", async () => {
    const { application, channel } = await newApplication();
    const threshold = { kind: "limit_threshold", condition: { limit_id: "daily" }, channels: [channel] };
    await newRule(application, threshold);
    await newRule(application, { kind: "limit_blocked", channels: [channel] });
    const tell = (kind: string, fields: object) =>
      store.damage(
        `INSERT INTO outbox (application, kind, payload, created_ms) VALUES ('${application}', '${kind}', '${JSON.stringify(
          {
            limit_id: "daily",
            limit_name: "Daily",
            value: "",
            window_start: "2026-11-21T00:00:00.000Z",
            used: "8",
            max: "10",
            ...fields,
          },
        )}', ${Date.now()})`,
      );
    await tell("limit_level", { level: 0.8 });
    await tell("limit_level", { level: 0.8 });
    await tell("limit_level", { level: 1 });
    await tell("limit_level", { level: 0.8, limit_id: "other" });
    await tell("limit_level", { level: 0.8, window_start: "2026-11-22T00:00:00.000Z" });
    await tell("limit_blocked", { value: "jane" });
    await tell("limit_blocked", { value: "ben", window_end: "2026-11-22T00:00:00.000Z" });
    const runner = newRunner();
    await runner.turn();
    await runner.stop();
    const told = await history(application);
    expect(told.map(({ title }) => title).toSorted()).toEqual([
      "Limit Daily has reached 100 % of its budget",
      "Limit Daily has reached 80 % of its budget",
      "Limit Daily has reached 80 % of its budget",
      "Limit Daily of ben refuses calls",
      "Limit Daily of jane refuses calls",
    ]);
    expect(told.find(({ title }) => title.includes("jane"))?.body).toBe(
      "8 USD of 10 USD are spent, and a call did not fit into what is left. Raise it, top it up, or reset it.",
    );
    expect(told.find(({ title }) => title.includes("ben"))?.body).toContain(
      "The budget starts again at 2026-11-22T00:00:00.000Z.",
    );
    expect(receiver.received).toHaveLength(5);
  });

  test("history that is brought in afterwards alarms nobody", async () => {
    const { application } = await newApplication();
    await newRule(application, { kind: "unpriced" });
    const old = Date.now() - 36 * 24 * HOUR_MS;
    await store.ingest([{ ...unpriced(application, "old"), timeMs: old }]);
    const runner = newRunner();
    await runner.turn();
    await runner.stop();
    expect(await history(application)).toEqual([]);
  });

  test("an hour of one user's burst is told with that user, once while it lasts, and quiet days are not", async () => {
    const { application } = await newApplication();
    await newRule(application, { kind: "spend_anomaly" });
    const noonMs = Math.floor(Date.now() / (24 * HOUR_MS)) * 24 * HOUR_MS + 12 * HOUR_MS;
    const spend = (hour: number, user: string, usd: bigint) =>
      newEvent({
        application,
        user,
        useCase: null,
        timeMs: noonMs + hour * HOUR_MS,
        receivedMs: noonMs + hour * HOUR_MS,
        cost: { input: 0n, output: usd * USD, total: usd * USD },
      });
    const quiet = Array.from({ length: 24 * 5 }, (_, index) =>
      ["ann", "ben"].map((user) => spend(-index - 1, user, 5n)),
    );
    await store.ingest(quiet.flat());
    const runner = newRunner();
    const tenPast = 10 * 60_000;
    await runner.turn(noonMs + tenPast);
    expect(await history(application)).toEqual([]);
    await store.ingest([spend(0, "ann", 5n), spend(0, "ben", 400n)]);
    await runner.turn(noonMs + HOUR_MS + tenPast);
    await store.ingest([spend(1, "ann", 5n), spend(1, "ben", 500n)]);
    await runner.turn(noonMs + 2 * HOUR_MS + tenPast);
    const [alert, ...others] = await history(application);
    expect(others).toEqual([]);
    expect(alert?.body).toContain(
      "What moved most is the user ben: 400 USD instead of 5 USD, 100 % of the excess.",
    );
    expect(alert?.facts).toMatchObject({ amount: "405", expected: "10" });
    await runner.stop();
    expect(errors).toEqual([]);
  });

  test("a KPI below its goal is told once enough scores say so", async () => {
    const { application } = await newApplication();
    const now = Date.now();
    await store.createUseCase({
      application,
      name: "find",
      description: "",
      loggingEnabled: undefined,
      limitConfig: undefined,
      properties: {},
      seeded: false,
    });
    await store.createKpi({
      application,
      useCase: "find",
      name: "found",
      description: "",
      kpiType: "boolean",
      goal: 0.9,
      seeded: false,
    });
    const condition = { use_case_name: "find", kpi_name: "found", min_scores: 4 };
    await newRule(application, { kind: "kpi_below_goal", condition });
    await newRule(application, { kind: "kpi_below_goal", condition: { ...condition, side: "above" } });
    const score = (instance: string, value: number) =>
      store.recordScore({
        application,
        useCase: "find",
        instance,
        kpi: "found",
        score: value,
        seeded: false,
      });
    const runner = newRunner();
    await score("a", 0);
    await score("b", 1);
    await score("c", 1);
    await runner.turn(now + 1000);
    expect(await history(application)).toEqual([]);
    await score("d", 0);
    await runner.turn(now + 2000);
    await runner.turn(now + 3000);
    await runner.stop();
    expect(errors).toEqual([]);
    expect(await history(application)).toMatchObject([
      { title: "found of find is below its goal", facts: { value: 0.5, goal: 0.9, scores: 4 } },
    ]);
  });
});
