import { expect, test } from "vitest";

import { type Score } from "../../src/ingest/score.ts";
import { startLoopback, startPlatform } from "../support.ts";
import { addsUp, event, openQueue } from "./open-queue.ts";

function score(kpiName: string, value: boolean | number, useCaseId = "1"): Score {
  const definition = { kpiType: "number", goal: 0, description: kpiName } as const;
  return {
    useCaseName: "a",
    useCaseId,
    kpiName,
    score: value,
    definition,
    instance: { useCaseId, userId: "jane" },
  };
}

test("scores leave together, after the events, with what their KPI and instance are made as", async () => {
  await using platform = await startPlatform();
  const queue = openQueue(platform.url);
  for (let index = 0; index < 300; index += 1) queue.pushScore(score("saved", index, `i${index}`));
  queue.push(event("e"));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 301 });
  expect(platform.received.map(({ url }) => url)).toEqual(["/api/v1/ingest/bulk", "/api/v1/scores"]);
  expect((JSON.parse(platform.received[1]?.body ?? "[]") as unknown[])[0]).toEqual({
    use_case_name: "a",
    use_case_id: "i0",
    kpi_name: "saved",
    score: 0,
    kpi_type: "number",
    goal: 0,
    description: "saved",
    user_id: "jane",
  });
});

test("a platform without the route, as Pay-i's own, gets them one by one and is not asked again", async () => {
  const routes: string[] = [];
  let scores: unknown[] = [];
  await using platform = await startLoopback((request, response) => {
    routes.push(`${request.method} ${request.url.replace("/api/v1/", "")}`);
    if (request.url.endsWith("/scores")) response.writeHead(404).end("<html>no such page</html>");
    else {
      scores.push((JSON.parse(request.body) as { score: unknown }).score);
      response.end("{}");
    }
  });
  const queue = openQueue(platform.url);
  for (const [round, value] of [1, 2, 3].entries()) {
    scores = [];
    queue.pushScore(score("saved", value));
    // The later one of two must not overtake the earlier on its way.
    queue.pushScore(score("saved", value * 10));
    // oxlint-disable-next-line no-await-in-loop
    expect(await queue.flush({ timeoutMs: 30_000 }), `round ${round}`).toMatchObject({ sent: 2, dropped: 0 });
    expect(scores).toEqual([value, value * 10]);
  }
  expect(routes.filter((route) => route === "POST scores")).toHaveLength(1);
  expect(routes).toHaveLength(7);
});

test("one score that the platform refuses is counted, and the others are recorded", async () => {
  await using platform = await startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { kpi_name: string }[];
    const errors = items.flatMap(({ kpi_name: name }, index) =>
      name === "bad" ? [{ item_index: index, code: "invalid_kpi_score", message: "no" }] : [],
    );
    const score_count = items.length - errors.length;
    response.end(JSON.stringify({ request_id: "s", score_count, error_count: errors.length, errors }));
  });
  const queue = openQueue(platform.url);
  for (const name of ["good", "bad", "better"]) queue.pushScore(score(name, 1));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 2, dropped: 1 });
  expect(queue.stats.dropped.rejected).toBe(1);
  expect(addsUp(queue.stats)).toBe(true);
});

test("a platform that was away gets every score afterwards, in order; a proxy's page acknowledges none", async () => {
  const bodies: string[] = [];
  let answers = 0;
  await using platform = await startLoopback((request, response) => {
    answers += 1;
    if (answers === 1) return void response.writeHead(503).end();
    if (answers === 2) return void response.end("<html>sign in</html>");
    bodies.push(request.body);
    const count = (JSON.parse(request.body) as unknown[]).length;
    return void response.end(
      JSON.stringify({ request_id: "s", score_count: count, error_count: 0, errors: [] }),
    );
  });
  const queue = openQueue(platform.url, { firstDelayMs: 10 });
  for (const value of [1, 2, 3]) queue.pushScore(score("saved", value));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 3, dropped: 0 });
  expect(
    bodies.flatMap((body) => (JSON.parse(body) as { score: number }[]).map((item) => item.score)),
  ).toEqual([1, 2, 3]);
});

test("a score that was set aside as what breaks the platform never comes after the one that replaced it", async () => {
  const recorded: unknown[] = [];
  let heals = false;
  await using platform = await startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { kpi_name: string; score: number }[];
    if (!heals && items.some(({ score: value }) => value === 13))
      return void response.writeHead(500).end("{}");
    recorded.push(...items.filter(({ kpi_name: name }) => name === "saved").map(({ score: value }) => value));
    if (items.some(({ score: value }) => value === 14)) heals = true;
    return void response.end(
      JSON.stringify({ request_id: "s", score_count: items.length, error_count: 0, errors: [] }),
    );
  });
  const queue = openQueue(platform.url, { firstDelayMs: 10 });
  queue.pushScore(score("saved", 13));
  for (let index = 0; index < 5; index += 1) queue.pushScore(score("other", index, `i${index}`));
  queue.pushScore(score("saved", 14));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 7, dropped: 0 });
  expect(recorded.at(-1)).toBe(14);
});
