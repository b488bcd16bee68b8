import { hostOf } from "../domain/outgoing/allowed-hosts.ts";
import { Outgoing } from "../domain/outgoing/outgoing.ts";
import { type ClickHouseClient } from "./client.ts";

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 256 * 1024 * 1024;
const LONGEST_ERROR = 300;

/**
 * ClickHouse over its HTTP interface, through the guarded door for outgoing connections: the operator named its host, so
 * it may be a private one. `url` is `https://user:password@host:port/database`; a database that is not named is `default`.
 */
export function connectClickHouse(
  url: URL,
  outgoing: Outgoing = new Outgoing([hostOf(url)]),
): ClickHouseClient {
  const closing = new AbortController();
  const database = decodeURIComponent(url.pathname.slice(1)) || "default";
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "x-clickhouse-user": decodeURIComponent(url.username) || "default",
    "x-clickhouse-key": decodeURIComponent(url.password),
    "x-clickhouse-database": database,
  };

  /** @throws {Error} with ClickHouse's own words where it refuses, or when nobody answers. */
  async function send(parameters: Readonly<Record<string, string>>, body: string): Promise<string> {
    // An error in the middle of an answer would come under a status that says all is well.
    const search = new URLSearchParams({ ...parameters, wait_end_of_query: "1" });
    const answer = await outgoing.send(`${url.origin}/?${search.toString()}`, {
      method: "POST",
      headers,
      body,
      signal: closing.signal,
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
      followRedirects: false,
    });
    if (answer.status === 200 && answer.headers["x-clickhouse-exception-code"] === undefined) {
      return answer.body;
    }
    throw new Error(`ClickHouse answered ${answer.status}: ${answer.body.trim().slice(0, LONGEST_ERROR)}`);
  }

  return {
    async command({ query }) {
      await send({}, query);
    },
    async insert({ table, values, format, clickhouse_settings: settings }) {
      const rows = values.map((row) => JSON.stringify(row)).join("\n");
      await send({ ...textual(settings), query: `INSERT INTO ${table} FORMAT ${format}` }, rows);
    },
    async query({ query, format, query_params: given }) {
      const parameters = Object.entries(given).map(([name, value]) => [`param_${name}`, escaped(value)]);
      const body = await send(Object.fromEntries(parameters), `${query} FORMAT ${format}`);
      const lines = body.split("\n").filter((line) => line !== "");
      return { json: async <Row>() => lines.map((line) => JSON.parse(line) as Row) };
    },
    async close() {
      closing.abort(new Error("The connection to ClickHouse has been closed."));
    },
  };
}

function textual(settings: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "'": "\\'",
  "\\": "\\\\",
};

/** Values of parameters are read as ClickHouse's tab-separated text. */
function escaped(value: unknown): string {
  return String(value).replaceAll(/[\t\n\r'\\]/g, (character) => ESCAPES[character] ?? character);
}
