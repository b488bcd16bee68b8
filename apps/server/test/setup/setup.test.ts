import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { type SetupConfig } from "@payi/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Change } from "../../src/setup/change.ts";
import { loadConfig } from "../../src/setup/load-config.ts";
import { planSetup } from "../../src/setup/plan-setup.ts";
import { Platform } from "../../src/setup/platform.ts";
import { printPlan } from "../../src/setup/print-plan.ts";
import { readSetup } from "../../src/setup/read-setup.ts";
import { TEST_KEY, type TestServer, startTestServer } from "../support.ts";

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await startTestServer();
  directory = await mkdtemp(join(tmpdir(), "payi-setup-"));
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const config: SetupConfig = {
  useCases: {
    trail_finder: {
      description: "Finds trails",
      limitConfig: { max: 0.5, type: "allow", threshold: 0.8 },
      value: { money: "if(kpi.found, 2.50, 0) - cost", time: "kpi.found * 15" },
      kpis: {
        found: { type: "boolean", goal: 0.9 },
        stars: { type: "likert5", goal: 4, description: "Stars" },
      },
    },
    trail_planner: {},
  },
  limits: {
    per_user_day: {
      max: 1,
      type: "block",
      per: "user_id",
      period: "day",
      timeZone: "America/Denver",
      selector: { useCaseName: "trail_finder" },
      levels: [0.5, 0.8],
      properties: { team: "growth" },
      ladder: [{ at: 0.8, action: "cap_output", maxOutputTokens: 500 }],
    },
    everything: { max: 500, name: "All of it", period: "month", anchor: "15" },
  },
  resources: {
    "our.models": {
      ranker: [
        { units: { text: { input: "0.0000001" } }, from: "2026-01-01T00:00:00Z" },
        { units: { text: { input: 0.0000002, output: 0 } }, from: "2026-06-01T00:00:00Z" },
      ],
    },
  },
};

async function plan(wanted: unknown, prune = false): Promise<readonly Change[]> {
  return planSetup(new Platform(server.url, TEST_KEY), readSetup(wanted), { prune });
}

async function apply(wanted: unknown, prune = false): Promise<void> {
  for (const change of await plan(wanted, prune)) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    if (change.action !== "keep") await change.apply(new Platform(server.url, TEST_KEY));
  }
}

function actions(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ action }) => action !== "keep")
    .map(({ action, kind, name, fields }) =>
      [action, kind, name, ...fields.map(({ field }) => field)].join(" "),
    );
}

describe("a configuration", () => {
  test("is applied once: the same again is nothing to do", async () => {
    expect(actions(await plan(config)).map((line) => line.split(" ").slice(0, 4).join(" "))).toHaveLength(9);
    await apply(config);
    expect(actions(await plan(config))).toEqual([]);
    const { body } = await server.get("/limits/per_user_day");
    expect(body.limit).toMatchObject({ max: 1, limit_type: "block", per: "user_id", period: "day" });
    const resources = await server.get("/categories/our.models/resources/ranker");
    expect(resources.body.items).toHaveLength(2);
  });

  test("changes only what differs, and says it field by field", async () => {
    const changed: SetupConfig = {
      useCases: {
        trail_finder: {
          description: "Finds good trails",
          value: { money: "kpi.found * 3" },
          kpis: { found: { type: "boolean", goal: 0.95 } },
        },
      },
      limits: {
        per_user_day: { max: 2, type: "block", per: "user_id", period: "day", properties: { team: "core" } },
        everything: { max: 500, name: "All of it", period: "month", anchor: "15" },
      },
    };
    const due = await plan(changed);
    expect(actions(due)).toEqual([
      "update use case trail_finder description",
      "update kpi trail_finder/found goal",
      "update value policy trail_finder money time",
      "update limit per_user_day selector time_zone levels ladder max properties",
    ]);
    expect(printPlan(due)).toContain(
      '~ use case trail_finder\n    description: "Finds trails" → "Finds good trails"',
    );
    await apply(changed);
    expect(actions(await plan(changed))).toEqual([]);
    const { body } = await server.get("/limits/per_user_day");
    expect(body.limit.properties).toEqual({ team: "core" });
    expect(body.limit.selector ?? null).toBeNull();
    // What the configuration does not speak of stays.
    const kpis = await server.get("/use_cases/definitions/trail_finder/kpis");
    expect(kpis.body.items.map((kpi: { name: string }) => kpi.name)).toContain("stars");
  });

  test("deletes what its sections do not name only when told to", async () => {
    const less: SetupConfig = { useCases: { trail_finder: { kpis: {}, value: null } }, limits: {} };
    expect(actions(await plan(less)).filter((line) => line.startsWith("delete"))).toEqual([]);
    expect(
      actions(await plan(less, true))
        .filter((line) => line.startsWith("delete"))
        .toSorted(),
    ).toEqual([
      "delete kpi trail_finder/found",
      "delete kpi trail_finder/stars",
      "delete limit everything",
      "delete limit per_user_day",
      "delete use case trail_planner",
    ]);
    await apply(less, true);
    expect((await server.get("/limits/everything")).status).toBe(404);
    const policies = await server.get("/value-policies?use_case_name=trail_finder");
    expect(policies.body.items.map((policy: { active: boolean }) => policy.active)).toEqual([false, false]);
    expect((await server.get("/categories/our.models/resources/ranker")).status).toBe(200);
  });

  test("does not change what is fixed", async () => {
    await apply({ useCases: { fixed: { kpis: { k: { type: "number", goal: 1 } } } } });
    await expect(
      plan({ useCases: { fixed: { kpis: { k: { type: "boolean", goal: 1 } } } } }),
    ).rejects.toThrow("The KPI fixed/k is of type number, and a type is fixed");
  });
});

test.each<[unknown, string]>([
  [[], "The configuration must be an object"],
  [{ usecases: {} }, 'The configuration has the field "usecases"'],
  [{ useCases: { "no spaces": {} } }, "useCases.no spaces"],
  [{ useCases: { a: { kpis: { k: { type: "stars", goal: 1 } } } } }, "useCases.a.kpis.k"],
  [{ useCases: { a: { value: { money: "kpi.x +" } } } }, "useCases.a.value: "],
  [{ limits: { l: {} } }, "limits.l: max is required"],
  [{ limits: { l: { max: -1 } } }, "limits.l: max must be an amount"],
  [{ limits: { l: { max: 1, perUser: true } } }, 'limits.l has the field "perUser"'],
  [{ limits: { l: { max: 1, selector: { useCase: "a" } } } }, 'selector has the part "use_case"'],
  [{ limits: { l: { max: 1, period: "year" } } }, "limits.l: period must be"],
  [{ resources: { c: { r: { units: {} } } } }, "resources.c.r: units names 0 units"],
  [{ resources: { c: { r: { units: { text: { inputPrice: 1 } } } } } }, 'has the field "inputPrice"'],
])("%j is refused with the place and the rule", (wrong, message) => {
  expect(() => readSetup(wrong)).toThrow(message);
});

test("a configuration is found by its name, in TypeScript and in JSON", async () => {
  await writeFile(join(directory, "other.json"), JSON.stringify({ limits: {} }));
  await expect(loadConfig("other.json", directory)).resolves.toEqual({ limits: {} });
  await expect(loadConfig(undefined, directory)).rejects.toThrow("There is no configuration in");
  await writeFile(
    join(directory, "payi.config.ts"),
    'const goal: number = 0.5;\nexport default { useCases: { typed: { kpis: { k: { type: "number", goal } } } } };\n',
  );
  await expect(loadConfig(undefined, directory)).resolves.toMatchObject({ useCases: { typed: {} } });
  await writeFile(join(directory, "empty.mjs"), "export const config = {};\n");
  await expect(loadConfig("empty.mjs", directory)).rejects.toThrow("has no default export");
});

test("the command plans, applies and then finds nothing left to do", async () => {
  await writeFile(join(directory, "by-hand.json"), JSON.stringify({ limits: { by_hand: { max: 3 } } }));
  const payi = (...args: readonly string[]) =>
    new Promise<{ code: number; stdout: string }>((resolve) => {
      const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
      const environment = { ...process.env, PAYI_BASE_URL: server.url, PAYI_API_KEY: TEST_KEY };
      execFile(
        process.execPath,
        ["--conditions=@payi/source", main, ...args],
        { cwd: directory, env: environment },
        (error, stdout) => resolve({ code: Number(error?.code ?? 0), stdout }),
      );
    });
  expect(await payi("plan", "by-hand.json", "--check")).toMatchObject({
    code: 2,
    stdout: expect.stringContaining("+ limit by_hand\n    max: 3"),
  });
  expect((await payi("apply", "by-hand.json")).stdout).toContain("Done: 1 change.");
  expect(await payi("plan", "by-hand.json", "--check")).toEqual({
    code: 0,
    stdout: "0 to create, 0 to change, 1 as they should be.\n",
  });
});
