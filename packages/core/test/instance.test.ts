import { expect, test } from "vitest";

import { getContext, trackContext } from "../src/context.ts";
import { type Instance, type InstanceOptions, startInstance } from "../src/instance.ts";
import { SILENT, meter, startLoopback } from "./support.ts";
import { MESSAGE_ANSWER } from "./synthetic.ts";

async function startProvider(): ReturnType<typeof startLoopback> {
  let answers = 0;
  return startLoopback((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...MESSAGE_ANSWER, id: `msg_${(answers += 1)}` }));
  });
}

async function call(url: string): Promise<void> {
  const body = JSON.stringify({ model: "claude-sonnet-4-6", max_tokens: 9, messages: [] });
  await (await fetch(`${url}/v1/messages`, { method: "POST", body })).json();
}

test("an instance in which nothing happens sends nothing", async () => {
  await using metered = await meter([], "own");
  const instance = startInstance({ name: "health_check" });
  instance.run(() => undefined);
  instance.end(200);
  await metered.flush({ timeoutMs: 30_000 });
  expect([metered.platform.events, metered.platform.scores]).toEqual([[], []]);
});

test("calls and KPIs of an instance carry its name, id, version, user and properties", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.anthropic");
  const instance = startInstance({
    name: "trail_finder",
    useCaseVersion: 2,
    userId: "jane",
    accountName: "acme",
    useCaseProperties: { location: "Moab" },
  });
  await instance.run(async () => call(provider.url));
  instance.recordKpi("result_count", 3);
  instance.end(200);
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.events).toMatchObject([
    {
      useCaseName: "trail_finder",
      useCaseId: instance.id,
      useCaseVersion: 2,
      userId: "jane",
      accountName: "acme",
      useCaseProperties: { location: "Moab" },
    },
  ]);
  const path = `/api/v1/use_cases/instances/trail_finder/${instance.id}/kpis`;
  expect(metered.platform.scores).toEqual([
    { path: `${path}/result_count`, score: 3 },
    { path: `${path}/success`, score: true },
    { path: `${path}/latency_ms`, score: expect.any(Number) as number },
  ]);
});

test("what is learned during the run counts for the calls made afterwards", async () => {
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.anthropic");
  let route: string | undefined;
  const instance = startInstance({ name: () => route });
  await instance.run(async () => {
    route = "GET /api/trails/:id";
    await call(provider.url);
    instance.setName("trail_page");
    instance.setUser("omar", "globex");
    instance.addProperties({ plan: "pro" });
    await call(provider.url);
  });
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.events).toMatchObject([
    { useCaseName: "GET_api_trails_id", useCaseId: instance.id, userId: undefined },
    { useCaseName: "trail_page", userId: "omar", accountName: "globex", useCaseProperties: { plan: "pro" } },
  ]);
});

test("a context opened inside an instance belongs to it until it names another use case", () => {
  const instance = startInstance({ name: "outer", userId: "jane" });
  instance.run(() => {
    trackContext({ useCaseStep: "search", userId: "omar" }, () =>
      expect(getContext()).toMatchObject({
        useCaseName: "outer",
        useCaseId: instance.id,
        useCaseStep: "search",
        userId: "omar",
      }),
    );
    trackContext({ useCaseName: "other" }, () => {
      expect(getContext().useCaseName).toBe("other");
      expect(getContext().useCaseId).not.toBe(instance.id);
    });
    expect(startInstance({ name: "inner" }).run(() => getContext())).toMatchObject({
      useCaseName: "inner",
      useCaseProperties: { "system.parent_use_case_id": instance.id },
    });
  });
});

test.for<[string, Parameters<Instance["end"]>[0], boolean]>([
  ["an answer below 400", 204, true],
  ["an answer of 500", 500, false],
  ["a client that left", "aborted", false],
  ["a thrown error", "error", false],
  ["nothing special", undefined, true],
])("%s ends with the right success", async ([, outcome, success]) => {
  await using metered = await meter([], "own");
  const instance = startInstance({ name: "ending", kpis: { latency_ms: false, success: "resolved" } });
  instance.addProperties({ touched: "yes" });
  instance.end(outcome);
  instance.end("ok");
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.scores.map(({ path, score }) => [path.split("/").at(-1), score])).toEqual([
    ["resolved", success],
  ]);
});

test("an instance that failed is no success, however it ended", async () => {
  await using metered = await meter([], "own");
  const instance = startInstance({ name: "failing", kpis: "all" });
  instance.fail("no_results", "nothing found near Moab");
  instance.end(200);
  await metered.flush({ timeoutMs: 30_000 });
  const scores = Object.fromEntries(
    metered.platform.scores.map(({ path, score }) => [path.split("/").at(-1), score]),
  );
  expect(scores).toMatchObject({ success: false, http_status: 200, aborted: false, llm_calls: 0 });
});

test("tools that layers hear of are counted once each, and recorded where instance or layer was asked for them", async () => {
  await using metered = await meter([], "own");
  const toolsOf = async (
    work: (instance: Instance) => void,
    kpis: InstanceOptions["kpis"],
  ): Promise<unknown> => {
    const before = metered.platform.scores.length;
    const instance = startInstance({ name: "tools", kpis });
    instance.addProperties({ touched: "yes" });
    work(instance);
    instance.end();
    await metered.flush({ timeoutMs: 30_000 });
    const told = metered.platform.scores
      .slice(before)
      .map(({ path, score }) => [path.split("/").at(-1), score]);
    return Object.fromEntries(told);
  };
  const threeCalls = (instance: Instance): void => {
    instance.noteTool("call_1", false);
    instance.noteTool("call_1", true);
    instance.noteTool("call_1", false);
    instance.noteTool("call_2", false);
  };
  const own = { success: false, latency_ms: false, tool_calls: true, tool_errors: "tools_failed" } as const;
  expect(await toolsOf(threeCalls, own)).toEqual({ tool_calls: 2, tools_failed: 1 });
  // Nobody counted: that is not zero.
  expect(await toolsOf(() => undefined, own)).toEqual({});
  expect(await toolsOf((instance) => instance.countTools(), own)).toEqual({ tool_calls: 0, tools_failed: 0 });
  const layered = (instance: Instance): void => {
    instance.addLayerKpis("all");
    threeCalls(instance);
  };
  expect(await toolsOf(layered, false)).toEqual({ tool_calls: 2, tool_errors: 1 });
});

test("a score that is no number is left out with a warning: on the wire it would clear the one that stands", async () => {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  await using metered = await meter([], "own", { logger: { ...SILENT, ...logger } });
  const instance = startInstance({ name: "scored", kpis: false });
  for (const score of [Number.NaN, Number.POSITIVE_INFINITY, "5" as never, 5])
    instance.recordKpi("csat", score);
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.scores.map(({ score }) => score)).toEqual([5]);
  expect(warnings.join("\n")).toContain("the KPI csat was given NaN and is left out");
});

test("what a call costs is told of the instances around it too: a nested one had hidden it", async () => {
  await using provider = await startProvider();
  await using _metered = await meter([provider], "system.anthropic");
  const outer = startInstance({ name: "request" });
  expect(outer.costs.keep()).toBe(true);
  await outer.run(async () => startInstance({ name: "search" }).run(async () => call(provider.url)));
  await outer.run(async () => call(provider.url));
  expect(outer.costs.spent()?.calls).toBe(2);
  const late = startInstance({ name: "late" });
  await late.run(async () => call(provider.url));
  expect([late.costs.keep(), late.costs.spent()]).toEqual([false, undefined]);
});

test("attribution out of a request that cannot be sent is left out, with a warning, and the rest is sent", async () => {
  const warnings: string[] = [];
  await using provider = await startProvider();
  await using metered = await meter([provider], "system.anthropic", {
    logger: { ...SILENT, warn: (message) => warnings.push(message) },
  });
  const given = { userId: ["a", "b"], useCaseVersion: "2", useCaseId: "\u4e2d", useCaseProperties: null };
  const instance = startInstance({ ...given, name: 42 } as unknown as InstanceOptions);
  await instance.run(async () => {
    instance.setUser(7 as unknown as string);
    instance.addProperties({ long: "x".repeat(2_000) });
    await call(provider.url);
  });
  instance.end();
  await metered.flush({ timeoutMs: 30_000 });
  expect(metered.platform.events).toMatchObject([
    { useCaseName: "42", useCaseId: "\u4e2d", useCaseVersion: 2, userId: "7" },
  ]);
  expect(metered.stats()).toMatchObject({ pending: 0, dropped: { rejected: 0 } });
  expect(warnings.join()).toContain("userId must be text of at most 256 characters");
});
