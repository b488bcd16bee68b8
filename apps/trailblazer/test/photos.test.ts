import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Metered, meter, settledEvents } from "../../../packages/core/test/support.ts";
import { readPhotoReport } from "../src/analysis/photo-report.ts";
import { type RunningApp, startApp } from "./support.ts";

const PHOTO = readFileSync(new URL("../src/page/sample-trail.jpg", import.meta.url));
const QUESTION = { trailName: "Rubicon Trail", vehicleMake: "Jeep", vehicleModel: "Wrangler" };

let metered: Metered;
let app: RunningApp;
beforeAll(async () => {
  metered = await meter([], "own");
  app = await startApp();
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
  await metered?.[Symbol.asyncDispose]();
});

function analyze(
  { url }: RunningApp,
  photos: readonly Blob[],
  fields: Record<string, string> = QUESTION,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  for (const photo of photos) body.append("photos", photo, "photo");
  return fetch(`${url}/api/photos/analyze`, {
    method: "POST",
    headers: { "x-user-id": "li", ...headers },
    body,
  });
}

const jpeg = new Blob([PHOTO], { type: "image/jpeg" });

test("two photos are one call of an instance that knows its user, version and properties", async () => {
  const before = metered.platform.events.length;
  const response = await analyze(app, [jpeg, jpeg]);
  expect(response.status).toBe(200);
  const report = (await response.json()) as { difficulty: number };
  expect(report.difficulty).toBeGreaterThanOrEqual(1);
  const events = (await settledEvents(metered)).slice(before);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    useCaseName: "trail_analysis",
    useCaseId: response.headers.get("x-payi-use-case-id"),
    useCaseVersion: 2,
    useCaseStep: "look",
    userId: "li",
    accountName: "summit-tours",
    useCaseProperties: { trail_name: "Rubicon Trail", vehicle_make: "Jeep" },
    properties: { image_count: "2" },
  });
  const scores = metered.platform.scores.map(({ path, score }) => [path.split("/").at(-1), score]);
  expect(Object.fromEntries(scores)).toMatchObject({
    analysis_success: true,
    image_count: 2,
    difficulty_rating: report.difficulty,
    success: true,
  });
});

test("GPT looks at photos where it is the only one with a key, and is billed for them alike", async () => {
  await using own = await startApp({ anthropic: undefined });
  expect((await analyze(own, [jpeg])).status).toBe(200);
  const [entry] = own.providers.simulator.ledger().entries;
  expect(entry?.api).toBe("openai.responses");
  expect(entry?.usage.input).toBeGreaterThan(820);
});

test.each([
  ["no photo", [], QUESTION, 400, "photos"],
  ["a photo of another type", [new Blob(["GIF89a"], { type: "image/gif" })], QUESTION, 400, "image/gif"],
  ["five photos", [jpeg, jpeg, jpeg, jpeg, jpeg], QUESTION, 400, ""],
  ["a large photo", [new Blob([new Uint8Array(5e6)], { type: "image/png" })], QUESTION, 413, "large"],
  ["no trail", [jpeg], { ...QUESTION, trailName: " " }, 400, "trailName"],
])("%s is a problem that says why, and asks no model", async (_what, photos, fields, status, words) => {
  const before = app.providers.simulator.ledger().count;
  const response = await analyze(app, photos, fields);
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  expect(await response.text()).toContain(words);
  expect(app.providers.simulator.ledger().count).toBe(before);
});

test("a provider that fails is a 502 with its words", async () => {
  const response = await analyze(app, [jpeg], QUESTION, { "x-simulate": "529" });
  expect(response.status).toBe(502);
  expect(((await response.json()) as { detail: string }).detail).toContain("Overloaded");
});

const REPORT = { terrain: "Sand", difficulty: 2, obstacles: ["dune"], vehicleAdvice: "Go." };

test.each([
  [JSON.stringify(REPORT), REPORT],
  [`Here it is:\n\`\`\`json\n${JSON.stringify(REPORT)}\n\`\`\``, REPORT],
  [JSON.stringify({ ...REPORT, obstacles: "dune" }), { ...REPORT, obstacles: [] }],
  [JSON.stringify({ ...REPORT, difficulty: 9 }), undefined],
  ['{"terrain":"Sa', undefined],
  ["I cannot see a trail.", undefined],
])("the answer %j is read as %j", (answer, report) => {
  expect(readPhotoReport(answer)).toEqual(report);
});
