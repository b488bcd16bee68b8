import { join } from "node:path";

import { expect, test } from "vitest";

import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newEvent } from "../store/support.ts";
import { makeFolder, payi } from "./support.ts";

const USD = 1_000_000_000_000n;
const HOUR_MS = 3_600_000;

test("a limit is tried on recorded calls, listed with what is spent of it, and reset, from the command line", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const store = await openSqliteStore(join(folder.path, "payi.sqlite"));
  await store.createLimit({
    application: "default",
    id: "monthly",
    name: "Monthly",
    max: 20n * 10n ** 18n,
    limitType: "allow",
    threshold: undefined,
    properties: {},
    policy: { selector: {} },
  });
  const spend = (user: string, team: string) =>
    newEvent({
      timeMs: Date.now() - HOUR_MS,
      user,
      properties: { team },
      cost: { input: 0n, output: 2n * USD, total: 2n * USD },
    });
  await store.ingest([spend("ann", "search"), spend("ann", "search"), spend("ben", "mail")]);
  await store.close();

  const simulate = (...options: string[]) => payi(["limits", "simulate", ...options], environment);
  expect(await simulate("--max", "3", "--per", "user_id")).toMatchObject({
    code: 0,
    out: "Of 3 calls in 7 days (6 USD) it would have refused 1 (2 USD).\n  ann: 1 refused (2 USD)\n",
  });
  expect((await simulate("--max", "1", "--property", "team=mail")).out).toMatch(
    /^Of 1 calls .* would have refused 1 /,
  );
  expect((await simulate("--max", "3", "--period", "day", "--anchor", "06:00")).out).toMatch(
    /since \d{4}-\d\d-\d\dT06:00:00\.000Z: 2 refused/,
  );
  expect(await simulate("--max", "3", "--property", "team")).toMatchObject({
    code: 1,
    error: expect.stringContaining("--property team is no KEY=VALUE."),
  });

  expect((await payi(["limits", "list"], environment)).out).toBe(
    "monthly  Monthly  allow  6 spent, 0 held of 20 USD\n",
  );
  expect((await payi(["limits", "reset", "monthly"], environment)).out).toBe(
    "monthly starts anew; 6 USD were spent.\n",
  );
});
