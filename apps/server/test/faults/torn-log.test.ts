import { expect, test } from "vitest";

import { makeFolder } from "../commands/support.ts";
import { openTornLogs } from "./torn-log.ts";

test("a log that is cut or damaged anywhere leaves a prefix of whole commits", async () => {
  await using folder = await makeFolder();
  const run = await openTornLogs(folder.path, 60, 15);
  expect(run.faults).toEqual([]);
  expect(run.copies).toBe(30);
  expect(run.held[1]).toBeGreaterThan(run.held[0]);
}, 60_000);
