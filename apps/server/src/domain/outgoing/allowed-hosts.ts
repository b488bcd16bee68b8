/** Addresses that an operator permits beyond the public https ones: `PAYI_WEBHOOK_ALLOWED_HOSTS`. */

/** One scheme, host and port; `port` is undefined for any port of exactly that host. */
export interface AllowedHost {
  readonly scheme: "http" | "https";
  /** As a parsed URL spells it: lower case, IP literals in their usual form. */
  readonly host: string;
  readonly port: number | undefined;
}

const ENTRY = /^(https?):\/\/(\[[0-9a-f:.]+\]|[\p{L}\p{N}.-]+)(?::(\d{1,5}|\*))?$/iu;

/**
 * Reads a comma list of `https://host`, `https://host:port` and `https://host:*`, or the same with http.
 *
 * @throws {Error} naming the entry and the rule.
 */
export function readAllowedHosts(list: string): readonly AllowedHost[] {
  return list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(readEntry);
}

/** True where one of the entries permits exactly this scheme, host and port. */
export function isAllowed(url: URL, allowed: readonly AllowedHost[]): boolean {
  return allowed.some(
    (entry) =>
      `${entry.scheme}:` === url.protocol &&
      entry.host === url.hostname &&
      (entry.port === undefined || entry.port === portOf(url)),
  );
}

/** Exactly where this URL leads: for one that the operator chose, which may be of this machine or network. */
export function hostOf(url: URL): AllowedHost {
  return { scheme: url.protocol === "http:" ? "http" : "https", host: url.hostname, port: portOf(url) };
}

/** The port that a URL leads to, also where it is not written. */
function portOf(url: URL): number {
  return url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
}

function readEntry(entry: string): AllowedHost {
  const [, scheme = "", host = "", port] = ENTRY.exec(entry) ?? [];
  const origin = `${scheme}://${host}`;
  const number = port === undefined ? (scheme.toLowerCase() === "http" ? 80 : 443) : Number(port);
  if (!URL.canParse(origin) || (port !== "*" && (number < 1 || number > 65_535))) {
    throw new Error(
      `${JSON.stringify(entry)} is no host that can be permitted. Use https://host, https://host:port or http://127.0.0.1:*, without a path.`,
    );
  }
  return {
    scheme: scheme.toLowerCase() === "http" ? "http" : "https",
    host: new URL(origin).hostname,
    port: port === "*" ? undefined : number,
  };
}
