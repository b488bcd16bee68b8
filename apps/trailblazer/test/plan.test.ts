import { afterAll, beforeAll, expect, test } from "vitest";

import { type RunningApp, postJson, readEvents, startApp } from "./support.ts";

const TRIP = {
  location: "Moab, Utah",
  vehicleMake: "Jeep",
  vehicleModel: "Wrangler",
  difficulty: "moderate",
  days: "2",
};

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.[Symbol.asyncDispose]());

test.each(["gpt-5-mini", "claude-sonnet-4-6"])(
  "%s calls both tools, then writes a day each",
  async (model) => {
    await using own = await startApp(model === "gpt-5-mini" ? {} : { openai: undefined });
    const events = await readEvents(await postJson(own.url, "/api/trips/plan", TRIP));
    expect(events.filter(({ name }) => name === "tool").map(({ data }) => data["name"])).toEqual([
      "look_up_trails",
      "estimate_fuel",
    ]);
    const plan = events.flatMap(({ name, data }) => (name === "text" ? [data["text"]] : [])).join("");
    expect(plan).toMatch(/^Day 1: .+ miles, (easy|moderate)\..*\nDay 2: .+\nFuel: 23 gallons.*\nBring: /);
    expect(events.at(-1)?.name).toBe("done");
    const { entries } = own.providers.simulator.ledger();
    expect(entries.map((entry) => entry.model.startsWith(model))).toEqual([true, true]);
  },
);

test.each([
  [{ ...TRIP, days: "0" }, "1 to 5"],
  [{ ...TRIP, days: 6 }, "1 to 5"],
  [{ ...TRIP, location: "" }, "location"],
])("%j is a 400 that says why, and asks no model", async (body, reason) => {
  const before = app.providers.simulator.ledger().count;
  const response = await postJson(app.url, "/api/trips/plan", body);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { detail: string }).detail).toContain(reason);
  expect(app.providers.simulator.ledger().count).toBe(before);
});

test("a plan that breaks off ends with the event failed", async () => {
  const response = await postJson(app.url, "/api/trips/plan", TRIP, { "x-simulate": "cut:40" });
  const events = await readEvents(response);
  expect(events.map(({ name }) => name)).not.toContain("done");
  expect(events.at(-1)?.name).toBe("failed");
});
