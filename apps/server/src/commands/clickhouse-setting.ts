import { SettingError } from "./setting-error.ts";

const NAME = "PAYI_CLICKHOUSE_URL";
const USAGE = `Use https://user:password@host:8443/database, or leave ${NAME} out: nothing is copied then.`;

/** Where the copy for analytics is; undefined: there is none. @throws {SettingError} that never tells the password. */
export function readClickHouseUrl(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new SettingError(`${NAME} is no address of ClickHouse's HTTP interface. ${USAGE}`);
  }
  if (!/^\/[^/]*$/.test(url.pathname) || url.search !== "" || url.hash !== "") {
    throw new SettingError(
      `${NAME} has more behind the host than the name of a database: ${url.host}${url.pathname}. ${USAGE}`,
    );
  }
  return url;
}
