import { type AddressInfo } from "node:net";

import { type FastifyInstance } from "fastify";

import { createApp } from "../app.ts";
import { connectClickHouse } from "../clickhouse/index.ts";
import { ensureKey } from "../domain/keys.ts";
import { offerSetUp } from "../domain/sign-in.ts";
import { isLoopbackAddress } from "../http/loopback.ts";
import { type Store } from "../store/store.ts";
import { developmentKey } from "./development-key.ts";
import { openStore } from "./open-store.ts";
import { secretKey } from "./secret-key.ts";
import { SettingError } from "./setting-error.ts";
import { type Settings } from "./settings.ts";

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** The key that was ensured for the default application. */
  readonly apiKey: string;
  readonly store: Store;
  /** Where the first member is made; undefined once there is one. */
  readonly setUpPath: string | undefined;
  /** Finishes what was accepted, commits, and lets go of port and files. */
  close(): Promise<void>;
}

/** Connections that are still busy after this are cut, so that a stop ends within 5 s. */
const PATIENCE_MS = 3000;

/**
 * Opens the store, ensures a key and listens.
 *
 * @throws {SettingError} when the port is taken or the data folder cannot be used.
 */
export async function runServer(settings: Settings): Promise<RunningServer> {
  const store = await openStore(settings);
  try {
    const apiKey = settings.apiKey ?? developmentKey(settings.dataDirectory);
    await ensureKey(store, apiKey, settings.apiKey === undefined ? "development" : "PAYI_API_KEY");
    const app = await createApp({
      store,
      dashboardIsOpen: isLoopbackAddress(settings.host),
      logLevel: settings.logLevel,
      priceFeed: settings.priceFeed,
      alerts: {
        ...settings.alerts,
        secretKey: settings.alerts.secretKey ?? secretKey(settings.dataDirectory),
      },
      ...settings.signIn,
      clickHouse: settings.clickHouse && connectClickHouse(settings.clickHouse),
      rates:
        settings.requestsPerMinute === undefined
          ? undefined
          : { requestsPerMinute: settings.requestsPerMinute },
    });
    await listen(app, settings);
    const { port } = app.server.address() as AddressInfo;
    const token = await offerSetUp(store);
    return {
      url: `http://${isLoopbackAddress(settings.host) ? "localhost" : settings.host}:${port}`,
      apiKey,
      store,
      setUpPath: token === undefined ? undefined : `/set-up#${token}`,
      async close() {
        const cut = setTimeout(() => app.server.closeAllConnections(), PATIENCE_MS);
        await app.close();
        clearTimeout(cut);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function listen(app: FastifyInstance, settings: Settings): Promise<void> {
  try {
    await app.listen({ port: settings.port, host: settings.host });
  } catch (error) {
    await app.close();
    if (!(error instanceof Error) || !("code" in error)) throw error;
    if (error.code === "EADDRINUSE") {
      throw new SettingError(
        `Port ${settings.port} on ${settings.host} is taken by another program. Stop it, or set PORT to a free one, such as PORT=${settings.port + 1}.`,
      );
    }
    throw new SettingError(`Cannot listen on ${settings.host}:${settings.port}: ${error.message}.`);
  }
}
