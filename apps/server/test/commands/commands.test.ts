import { readFile, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";

import { describe, expect, test } from "vitest";

import { request, sonnet } from "../support.ts";
import { listening, makeFolder, payi, startPayi, stop } from "./support.ts";

test("help and unknown commands", async () => {
  const help = await payi(["help"], {});
  expect(help).toMatchObject({ code: 0, error: "" });
  expect(help.out).toContain("payi serve");
  const unknown = await payi(["fly"], {});
  expect(unknown).toMatchObject({ code: 1, out: "" });
  expect(unknown.error).toContain("payi fly is unknown");
});

describe("payi keys", () => {
  test("a key is made, works at a running server, is rotated and revoked", async () => {
    await using folder = await makeFolder();
    const environment = { PAYI_DATA_DIR: folder.path };
    const server = startPayi(["serve"], { ...environment, PORT: "0", PAYI_API_KEY: "first" });
    const url = await listening(server);
    const status = async (key: string) =>
      (await request(`${url}/api/v1/limits`, "GET", undefined, { "xproxy-api-key": key })).status;

    const made = await payi(["keys", "create", "--name", "worker"], environment);
    expect(made.out).toMatch(/^payi_\S+\n$/);
    expect(await status(made.out.trim())).toBe(200);
    const list = await payi(["keys", "list"], environment);
    expect(list.out).toContain("worker");
    expect(list.out).not.toContain(made.out.trim());
    const id =
      list.out
        .split("\n")
        .find((line) => line.includes("worker"))
        ?.split(" ", 1)[0] ?? "";
    const rotated = await payi(["keys", "rotate", id], environment);
    expect(await status(rotated.out.trim())).toBe(200);
    const after = await payi(["keys", "list"], environment);
    expect(after.out.split("\n").find((line) => line.startsWith(id))).toContain("revoked");
    await expect.poll(() => status(made.out.trim())).toBe(401);
    await stop(server, "SIGTERM");
  });

  test("an id that is missing or unknown is told", async () => {
    await using folder = await makeFolder();
    const environment = { PAYI_DATA_DIR: folder.path };
    expect((await payi(["keys", "revoke"], environment)).error).toContain("id of a key is missing");
    expect((await payi(["keys", "revoke", "x"], environment)).error).toContain("no key with the id x");
    expect((await payi(["keys", "--color", "red"], environment)).error).toContain("--color");
  });
});

test("payi import reads an offline file, and a second time changes nothing", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const file = `${folder.path}/events.json`;
  const events = [
    sonnet({ provider_response_id: "o1", resource_scope: "global", event_timestamp: "2026-01-02T03:04:05Z" }),
    sonnet({ provider_response_id: "o2", use_case_name: "offline", use_case_id: "i", user_id: "u" }),
  ];
  await writeFile(file, JSON.stringify(events));
  const place = `${folder.path}/payi.sqlite`;
  expect(await payi(["import", file], environment)).toEqual({
    code: 0,
    out: `2 recorded, 0 were there already, 0 refused: ${place}\n`,
    error: "",
  });
  expect((await payi(["import", file], environment)).out).toBe(
    `0 recorded, 2 were there already, 0 refused: ${place}\n`,
  );
  await writeFile(file, JSON.stringify([...events, { category: "nope", units: {} }]));
  const refused = await payi(["import", file], environment);
  expect(refused).toMatchObject({ code: 1, out: `0 recorded, 2 were there already, 1 refused: ${place}\n` });
  expect(refused.error).toContain("event 2: category_not_found");
  expect((await payi(["import", `${file}.gone`], environment)).error).toContain("cannot be read");
});

test("payi import keeps prompts only where the application and the use case allow it", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const file = `${folder.path}/events.json`;
  const importWords = async (round: string): Promise<readonly unknown[]> => {
    const events = ["loud", "quiet"].map((name) =>
      sonnet({ use_case_name: name, provider_request_json: `${round} ${name}` }),
    );
    await writeFile(file, JSON.stringify(events));
    expect(await payi(["import", file], environment)).toMatchObject({ code: 0 });
    const database = new DatabaseSync(`${folder.path}/payi.sqlite`);
    const kept = database.prepare("SELECT request FROM event_text").all();
    database.exec("UPDATE use_case SET logging_enabled = 0 WHERE name = 'quiet'");
    database.exec("UPDATE application SET keep_text = 1");
    database.close();
    return kept.map((row) => row["request"]);
  };
  expect(await importWords("off")).toEqual([]);
  expect(await importWords("on")).toEqual(["on loud"]);
});

test("payi forget user says what it found, and nothing the second time", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const file = `${folder.path}/events.json`;
  await writeFile(file, JSON.stringify([sonnet({ user_id: "jane", use_case_name: "u" }), sonnet()]));
  await payi(["import", file], environment);
  const done = await payi(["forget", "user", "jane"], environment);
  expect(done).toMatchObject({ code: 0, error: "" });
  expect(done.out).toMatch(
    /^requests {3}1\ninstances {2}1\nTexts are deleted; the rest says forgotten-[0-9a-f]{16} in place/,
  );
  expect((await payi(["forget", "user", "jane"], environment)).out).toBe("Nothing of this user is kept.\n");
  expect(await payi(["verify"], environment)).toMatchObject({ code: 0 });
  expect(await payi(["forget", "jane"], environment)).toMatchObject({
    code: 1,
    error: "payi forget jane is unknown. Use payi forget user USER [--application ID].\n",
  });
});

test("payi verify is silent about health and loud about damage", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const file = `${folder.path}/events.json`;
  await writeFile(file, JSON.stringify([sonnet()]));
  await payi(["import", file], environment);
  expect(await payi(["verify"], environment)).toMatchObject({ code: 0, error: "" });
  const database = new DatabaseSync(`${folder.path}/payi.sqlite`);
  database.exec("UPDATE rollup_hour SET cost_lo = cost_lo + 1");
  database.close();
  const damaged = await payi(["verify"], environment);
  expect(damaged.code).toBe(1);
  expect(damaged.out).toContain("rollup_hour = events");
});

test("payi dev has demo data at the first start and says what to open", async () => {
  await using folder = await makeFolder();
  const child = startPayi(["dev"], { PORT: "0", PAYI_DATA_DIR: folder.path });
  const url = await listening(child);
  const key = (await readFile(`${folder.path}/development-key`, "utf8")).trim();
  const status = () => request(`${url}/api/v1/analytics/status`, "GET", undefined, { "xproxy-api-key": key });
  await expect
    .poll(async () => (await status()).body.seeded_events, { timeout: 60_000 })
    .toBeGreaterThan(1000);
  expect(await stop(child, "SIGTERM")).toBe(0);
});
