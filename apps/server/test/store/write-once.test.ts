import { afterAll, beforeAll, expect, test } from "vitest";

import { WriteOnce } from "../../src/store/write-once.ts";
import { type TestStore, newEvent, onEachEngine, openTestStore } from "./support.ts";

onEachEngine("a request under an idempotency key", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  const request = (hash: string): WriteOnce =>
    new WriteOnce({ application: "default", key: "k", requestHash: Buffer.from(hash) });
  const count = async (): Promise<number> =>
    Number((await store.rows("SELECT count(*) AS n FROM event"))[0]?.["n"]);

  test("does each of its writes once, and a repeat gets the results of the first", async () => {
    const [first, second] = [newEvent(), newEvent()];
    const write = (once: WriteOnce): Promise<unknown> =>
      once.run(async () => [await store.ingest([first]), await store.ingest([second])]);
    const results = await write(request("a"));
    expect(await write(request("a"))).toEqual(results);
    expect(await count()).toBe(2);
  });

  test("that stopped between two writes goes on with the second", async () => {
    const before = await count();
    await request("b").run(() => store.ingest([newEvent()]));
    const once = request("b");
    await once.run(async () => [await store.ingest([newEvent()]), await store.ingest([newEvent()])]);
    expect(await count()).toBe(before + 2);
  });

  test("whose client gave up and asked again is done once, whichever of the two is answered first", async () => {
    const before = await count();
    const [first, again] = [request("d"), request("d")];
    await first.run(() => store.ingest([newEvent()]));
    await again.run(async () => [await store.ingest([newEvent()]), await store.ingest([newEvent()])]);
    await store.saveAnswer("default", "answered", { requestHash: Buffer.from("d"), status: 200, body: "{}" });
    await first.run(() => store.ingest([newEvent()]));
    expect(await count()).toBe(before + 2);
    // The answer takes the steps away; what is still at work for the other request finds them no more.
    await store.saveAnswer("default", "k", { requestHash: Buffer.from("d"), status: 200, body: "{}" });
    await expect(first.run(() => store.ingest([newEvent()]))).rejects.toThrow("has just been answered");
    expect(await count()).toBe(before + 2);
    await store.damage("DELETE FROM idempotency");
  });

  test("leaves no trace of a write that failed, and nothing once its answer is kept", async () => {
    const limit = {
      application: "default",
      id: "l",
      name: "l",
      max: -1n,
      limitType: "allow",
      threshold: undefined,
    };
    const resetMissing = (): Promise<unknown> =>
      request("c").run(() => store.resetLimit("default", "none", 1));
    await expect(resetMissing()).rejects.toThrow("none");
    await store.createLimit({ ...limit, id: "none", max: 1n, limitType: "allow", properties: {} });
    await expect(resetMissing()).resolves.toBeDefined();
    await store.saveAnswer("default", "k", { requestHash: Buffer.from("c"), status: 200, body: "{}" });
    expect(await store.rows("SELECT * FROM write_once")).toEqual([]);
  });
});
