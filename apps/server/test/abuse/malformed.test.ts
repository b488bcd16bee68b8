import { expect, test } from "vitest";

import { onEachEngine } from "../store/support.ts";
import { abusedServer } from "./abused-server.ts";
import { runMalformed } from "./malformed.ts";

onEachEngine("400 malformed requests", (engine) => {
  test("get no 5xx, leave none unanswered, and damage nothing", async () => {
    await using server = await abusedServer(engine);
    const run = await runMalformed(server.url, 400, 8);
    expect(run).toMatchObject({ sent: 400, hangs: 0 });
    expect(Object.keys(run.statuses).filter((status) => status.startsWith("5"))).toEqual([]);
    expect(run.statuses["400"]).toBeGreaterThan(40);
    expect(await server.store.verify()).toEqual([]);
    expect((await server.call("GET", "/limits")).status).toBe(200);
  }, 60_000);
});
