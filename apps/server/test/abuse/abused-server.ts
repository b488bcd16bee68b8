import { createApp } from "../../src/app.ts";
import { createKey, ensureKey } from "../../src/domain/keys.ts";
import { type Engine, type TestStore, openTestStore } from "../store/support.ts";
import { type Answer, TEST_KEY, request, sonnet } from "../support.ts";

/** What another application keeps; seen in any answer, tenants are not apart. */
export const OTHERS = "only-the-other-application-has-this";

/** A real server of one engine, with data of its own and of another application. */
export interface AbusedServer extends AsyncDisposable {
  readonly url: string;
  readonly store: TestStore;
  /** A key that administers; the usual one is `TEST_KEY`. */
  readonly adminKey: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export async function abusedServer(engine: Engine): Promise<AbusedServer> {
  const store = await openTestStore(engine);
  await ensureKey(store, TEST_KEY, "test");
  await store.makeApplication("other");
  const { text: adminKey } = await createKey(store, "default", "admin", { scope: "admin" });
  const { text: otherKey } = await createKey(store, "other", "other");
  const app = await createApp({
    store,
    dashboardIsOpen: true,
    rates: { failedKeysPerMinute: 1_000_000, requestsPerMinute: 0 },
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const call: AbusedServer["call"] = (method, path, body, headers) =>
    request(`${url}/api/v1${path}`, method, body, { "xproxy-api-key": TEST_KEY, ...headers });
  const others = { use_case_name: OTHERS, user_id: OTHERS, properties: { [OTHERS]: OTHERS } };
  await call("POST", "/ingest", sonnet(others), { "xproxy-api-key": otherKey });
  await call("POST", "/ingest", sonnet({ use_case_name: "mine", use_case_id: "i", user_id: "u" }));
  return {
    url,
    store,
    adminKey,
    call,
    async [Symbol.asyncDispose]() {
      await app.close();
      await store.close();
    },
  };
}
