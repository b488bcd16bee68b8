import { expect, test } from "vitest";

import { onEachEngine } from "../store/support.ts";
import { SIZED_TIMEOUT, sized } from "../test-size.ts";
import { abusedServer } from "./abused-server.ts";
import { runMalformed } from "./malformed.ts";

const COUNT = sized(400, 10_000);

onEachEngine("hundreds of malformed requests", (engine) => {
  test(
    "get no 5xx, leave none unanswered, and damage nothing",
    async () => {
      await using server = await abusedServer(engine);
      const run = await runMalformed(server.url, COUNT, 8);
      expect(run).toMatchObject({ sent: COUNT, hangs: 0 });
      expect(Object.keys(run.statuses).filter((status) => status.startsWith("5"))).toEqual([]);
      expect(run.statuses["400"]).toBeGreaterThan(40);
      expect(await server.store.verify()).toEqual([]);
      expect((await server.call("GET", "/limits")).status).toBe(200);
    },
    SIZED_TIMEOUT,
  );
});
