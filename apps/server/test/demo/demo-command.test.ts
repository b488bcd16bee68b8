import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { demo } from "../../src/commands/demo.ts";
import { SettingError } from "../../src/commands/setting-error.ts";
import { TEST_KEY, startTestServer } from "../support.ts";

let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "payi-demo-"));
  said = "";
  vi.stubEnv("PAYI_DATA_DIR", folder);
  vi.stubEnv("PAYI_API_KEY", "");
  vi.stubEnv("PAYI_BASE_URL", "");
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    said += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("demo data is loaded with the key of the data folder, is seeded throughout, and is removed to the last event", async () => {
  await using server = await startTestServer();
  writeFileSync(join(folder, "development-key"), `${TEST_KEY}\n`);
  vi.stubEnv("PAYI_BASE_URL", server.url);
  expect(await demo(["load", "--days", "2"])).toBe(0);
  expect(said).toContain("2 days");
  const { body: loaded } = await server.get("/analytics/status");
  expect(loaded.seeded_events).toBeGreaterThan(200);
  expect(loaded.events).toBe(loaded.seeded_events);

  expect(await demo(["load", "--days=2"])).toBe(0);
  expect((await server.get("/analytics/status")).body.events).toBe(loaded.events);

  expect(await demo(["remove"])).toBe(0);
  expect((await server.get("/analytics/status")).body.events).toBe(0);
});

test.each([
  [[], "load"],
  [["reload"], "reload"],
  [["load", "twice"], "twice"],
  [["load", "--days", "0"], "1 to 90"],
  [["load", "--days", "many"], "many"],
  [["load", "--hours", "2"], "--hours"],
])("payi demo %j is refused with what can be done", async (args, words) => {
  await expect(demo(args)).rejects.toThrow(SettingError);
  await expect(demo(args)).rejects.toThrow(words);
  await expect(demo(args)).rejects.toThrow("payi demo load [--days 7]");
});

test("without a key, a platform or the right key the message says what to set", async () => {
  await expect(demo(["load"])).rejects.toThrow("Set PAYI_API_KEY");
  await using server = await startTestServer();
  vi.stubEnv("PAYI_API_KEY", "payi_wrong");
  vi.stubEnv("PAYI_BASE_URL", server.url);
  await expect(demo(["load"])).rejects.toThrow(`${server.url} refused with 40`);
  vi.stubEnv("PAYI_BASE_URL", "http://127.0.0.1:9");
  await expect(demo(["remove"])).rejects.toThrow("No platform answers at http://127.0.0.1:9");
});
