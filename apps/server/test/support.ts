import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createApp } from "../src/app.ts";
import { type AlertSettings } from "../src/domain/alerts/alerts.ts";
import { ensureKey } from "../src/domain/keys.ts";
import { type Patience } from "../src/http/patience.ts";
import { type Rates } from "../src/http/rates.ts";
import { openSqliteStore } from "../src/store/sqlite/sqlite-store.ts";
import { type Store } from "../src/store/store.ts";

export const TEST_KEY = "test-key-of-the-suite";

/** What a server answered: the status and the JSON body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests read bodies as clients do, by the names on the wire.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** A real server on a port of its own with a store in a folder of its own. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly store: Store;
  readonly file: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function startTestServer(
  options: {
    readonly rates?: Partial<Rates>;
    readonly alerts?: AlertSettings;
    readonly patience?: Patience;
    /** Closed with the server; by default one on SQLite. */
    readonly store?: Store;
  } = {},
): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "payi-server-"));
  const file = join(directory, "payi.sqlite");
  const store = options.store ?? (await openSqliteStore(file));
  await ensureKey(store, TEST_KEY, "test");
  const app = await createApp({
    store,
    dashboardIsOpen: true,
    // Tests ask with many wrong keys from one address.
    rates: { failedKeysPerMinute: 1_000_000, ...options.rates },
    alerts: options.alerts,
    patience: options.patience,
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  async function call(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
    return request(`${url}/api/v1${path}`, method, body, { "xProxy-api-key": TEST_KEY, ...headers });
  }

  async function close(): Promise<void> {
    await app.close();
    await store.close();
    await rm(directory, { recursive: true });
  }

  return {
    url,
    store,
    file,
    get: (path) => call("GET", path),
    post: (path, body, headers) => call("POST", path, body, headers),
    put: (path, body) => call("PUT", path, body),
    delete: (path) => call("DELETE", path),
    close,
    [Symbol.asyncDispose]: close,
  };
}

export async function request(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? undefined : JSON.parse(text),
  };
}

/** An event that core's price book has a price for: $3 and $15 per million tokens. */
export function sonnet(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    category: "system.anthropic",
    resource: "claude-sonnet-4-20250514",
    units: { text: { input: 1000, output: 100 } },
    ...fields,
  };
}
