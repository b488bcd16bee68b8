/** `payi import` into a platform that runs. */
import { readdir, writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { request, sonnet } from "../support.ts";
import { type Ended, listening, makeFolder, payi, startPayi, stop } from "./support.ts";

interface Running extends AsyncDisposable {
  readonly url: string;
  /** Runs `payi import` of these events against it; what is not given is not set. */
  importEvents(events: readonly object[], environment?: Record<string, string>): Promise<Ended>;
  /** Events of which the platform knows. */
  count(): Promise<number>;
  /** What stands in the folder that is the importing command's own. */
  kept(): Promise<readonly string[]>;
}

async function startPlatform(): Promise<Running> {
  const theirs = await makeFolder();
  const ours = await makeFolder();
  const server = startPayi(["serve"], { PAYI_DATA_DIR: theirs.path, PORT: "0", PAYI_API_KEY: "secret" });
  const url = await listening(server);
  return {
    url,
    importEvents: async (events, environment = {}) => {
      const file = `${theirs.path}/events.json`;
      await writeFile(file, JSON.stringify(events));
      const given = { PAYI_BASE_URL: url, PAYI_API_KEY: "secret", ...environment };
      return payi(["import", file], { PAYI_DATA_DIR: `${ours.path}/data`, ...given });
    },
    count: async () => {
      const headers = { "xproxy-api-key": "secret" };
      const { body } = await request(`${url}/api/v1/analytics/status`, "GET", undefined, headers);
      return (body as { events: number }).events;
    },
    kept: () => readdir(ours.path),
    [Symbol.asyncDispose]: async () => {
      await stop(server, "SIGTERM");
      await theirs[Symbol.asyncDispose]();
      await ours[Symbol.asyncDispose]();
    },
  };
}

const AT = { event_timestamp: "2026-11-20T03:04:05Z" };

test("payi import said that it had recorded what the platform of PAYI_BASE_URL never got", async () => {
  await using platform = await startPlatform();
  const events = [
    sonnet({ ...AT, provider_response_id: "o1" }),
    sonnet({ ...AT, provider_response_id: "o2" }),
  ];
  expect(await platform.importEvents(events, { PAYI_BASE_URL: `${platform.url}/` })).toEqual({
    code: 0,
    out: `2 recorded, 0 were there already, 0 refused: ${platform.url}/\n`,
    error: "",
  });
  expect([await platform.count(), await platform.kept()]).toEqual([2, []]);
  const again = await platform.importEvents([...events, { category: "nope", units: {} }]);
  expect(again).toMatchObject({
    code: 1,
    out: expect.stringContaining("0 recorded, 2 were there already, 1 refused") as string,
  });
  expect(again.error).toContain("event 2: category_not_found");
  // Of a request of which nothing is recorded the platform says so by its status.
  const none = await platform.importEvents([{ category: "nope", units: {} }]);
  expect(none).toMatchObject({
    code: 1,
    out: expect.stringContaining("0 recorded, 0 were there already, 1 refused") as string,
  });
  expect(none.error).toContain("event 0: category_not_found");
  expect(await platform.count()).toBe(2);
});

test("events without an id were doubled by a second import", async () => {
  await using platform = await startPlatform();
  const events = [sonnet(AT), sonnet(AT), sonnet({ ...AT, user_id: "jane" })];
  expect((await platform.importEvents(events)).out).toContain("3 recorded, 0 were there already");
  expect((await platform.importEvents(events)).out).toContain("0 recorded, 3 were there already");
  expect(await platform.count()).toBe(3);
});

test("a file that is longer than one request goes in parts, and places are those of the file", async () => {
  await using platform = await startPlatform();
  const events: object[] = Array.from({ length: 1002 }, (_, index) =>
    sonnet({ ...AT, provider_response_id: `long-${index}` }),
  );
  events[1001] = { category: "nope", units: {} };
  const ended = await platform.importEvents(events);
  expect(ended.out).toContain("1001 recorded, 0 were there already, 1 refused");
  expect(ended.error).toContain("event 1001: category_not_found");
});

test("payi import says why a platform did not take anything", async () => {
  await using platform = await startPlatform();
  const attempt = (environment: Record<string, string>): Promise<Ended> =>
    platform.importEvents([sonnet(AT)], environment);
  expect((await attempt({ PAYI_API_KEY: "" })).error).toContain("No API key");
  expect((await attempt({ PAYI_API_KEY: "wrong" })).error).toContain("refused with 401");
  expect((await attempt({ PAYI_BASE_URL: "http://127.0.0.1:9" })).error).toContain("No platform answers");
  expect((await attempt({ PAYI_BASE_URL: "platform.corp" })).error).toContain("no http(s) address");
  expect([await platform.count(), await platform.kept()]).toEqual([0, []]);
});
