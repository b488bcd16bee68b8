import { ConfigurationError } from "../errors.ts";
import { originalFetch } from "../instrument/original-fetch.ts";
import { type ClientOptions, PayiClient } from "./client.ts";

/**
 * A client for the platform. What is not given comes from `PAYI_API_KEY`, `PAYI_BASE_URL` and `PAYI_CUSTOM_HEADERS`;
 * outside production the base URL defaults to http://localhost:4470.
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
    headers: readHeaders(options.headers, environment["PAYI_CUSTOM_HEADERS"]),
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
  return given.replace(/(?<!\/)\/+$/, "");
}

/** Names in lower case, so that ours replace the same ones. @throws {ConfigurationError} */
function readHeaders(
  given: Readonly<Record<string, string>> | undefined,
  lines: string | undefined,
): Readonly<Record<string, string>> {
  const setting = given === undefined ? "PAYI_CUSTOM_HEADERS" : "headers";
  const entries = given === undefined ? parseLines(lines ?? "") : Object.entries(given);
  // Looking at `Headers` loads the runtime's whole HTTP client, which a start need not wait for.
  if (entries.length === 0) return {};
  const headers = new Headers();
  for (const [name, value] of entries) {
    try {
      headers.set(name, value);
    } catch {
      // The value may be a secret.
      throw new ConfigurationError(
        setting,
        `${setting} names ${JSON.stringify(name)}, which with its value is no header: a name is letters, digits and dashes, a value one line of ASCII.`,
      );
    }
  }
  return Object.fromEntries(headers);
}

function parseLines(lines: string): [name: string, value: string][] {
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      if (colon > 0) return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
      // Its value may be a secret, so the line itself is not shown.
      throw new ConfigurationError(
        "PAYI_CUSTOM_HEADERS",
        "PAYI_CUSTOM_HEADERS must hold one header per line, as Name: value; a line has no colon.",
      );
    });
}
