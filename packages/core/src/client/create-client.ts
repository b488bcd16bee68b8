import { ConfigurationError } from "../errors.ts";
import { originalFetch } from "../instrument/original-fetch.ts";
import { type ClientOptions, PayiClient } from "./client.ts";

/**
 * A client for the platform. What is not given comes from `PAYI_API_KEY` and `PAYI_BASE_URL`; outside production the
 * base URL defaults to http://localhost:4470.
 *
 * @throws {ConfigurationError}
 */
export function createClient(options: ClientOptions = {}): PayiClient {
  const environment = globalThis.process?.env ?? {};
  const apiKey = options.apiKey ?? environment["PAYI_API_KEY"];
  if (apiKey === undefined || apiKey === "") {
    throw new ConfigurationError(
      "apiKey",
      "No API key: set PAYI_API_KEY or pass apiKey. `payi keys list` shows the keys of a platform of your own.",
    );
  }
  return new PayiClient({
    apiKey,
    baseUrl: readBaseUrl(options.baseUrl ?? environment["PAYI_BASE_URL"], environment["NODE_ENV"]),
    timeoutMs: options.timeoutMs ?? 60_000,
    fetch: options.fetch ?? ((input, init) => originalFetch()(input, init)),
  });
}

/** The platform's address without a trailing slash. @throws {ConfigurationError} */
export function readBaseUrl(
  given: string | undefined = globalThis.process?.env["PAYI_BASE_URL"],
  nodeEnvironment: string | undefined = globalThis.process?.env["NODE_ENV"],
): string {
  if (given === undefined || given === "") {
    // Never a hosted service by silence: telemetry goes where somebody said it should.
    if (nodeEnvironment !== "production") return "http://localhost:4470";
    throw new ConfigurationError(
      "baseUrl",
      "No platform address: with NODE_ENV=production, set PAYI_BASE_URL or pass baseUrl.",
    );
  }
  const url = URL.parse(given);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ConfigurationError(
      "baseUrl",
      `The platform address ${JSON.stringify(given)} is not an http(s) URL. Set PAYI_BASE_URL to one such as http://localhost:4470.`,
    );
  }
  return given.replace(/\/+$/, "");
}
