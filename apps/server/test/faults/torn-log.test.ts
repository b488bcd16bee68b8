import { expect, test } from "vitest";

import { makeFolder } from "../commands/support.ts";
import { SIZED_TIMEOUT, sized } from "../test-size.ts";
import { openTornLogs } from "./torn-log.ts";

const CUTS = sized(15, 500);

test(
  "a log that is cut or damaged anywhere leaves a prefix of whole commits",
  async () => {
    await using folder = await makeFolder();
    const run = await openTornLogs(folder.path, 60, CUTS);
    expect(run.faults).toEqual([]);
    expect(run.copies).toBe(CUTS * 2);
    expect(run.held[1]).toBeGreaterThan(run.held[0]);
  },
  SIZED_TIMEOUT,
);
