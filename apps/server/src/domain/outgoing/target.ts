/**
 * Which addresses this program may send to. What holds for every target that was not permitted by name: https, its own
 * port, a host that is a name, and nothing that two parsers could read in two ways.
 */
import { WireError } from "@payi/core/wire";

import { type AllowedHost, isAllowed } from "./allowed-hosts.ts";

/** A URL that was parsed once and checked; what was checked is what is dialled. */
export interface Target {
  readonly url: URL;
  /** Permitted by name, so it may lead to an address that is not public. */
  readonly permitted: boolean;
}

const REMEDY = "Use an https address of a public host, or permit this one with PAYI_WEBHOOK_ALLOWED_HOSTS.";
const LONGEST = 2048;
/** Dotted decimal, which every spelling of an IPv4 address has become once it is parsed; or IPv6. */
const IP_LITERAL = /^(?:\d+(?:\.\d+){3}|\[.*\])$/;
/** Names that mean this machine or this network, whatever a resolver says. */
const LOCAL_NAME = /^(?:localhost|[^.]+|.*\.(?:localhost|local|internal|intranet|lan|home\.arpa))$/;

/**
 * Checks how an address is written.
 *
 * @throws {WireError} `forbidden_target`, naming the rule; never repeats a password or a query.
 */
export function readTarget(text: string, allowed: readonly AllowedHost[]): Target {
  const url = parse(text);
  if (isAllowed(url, allowed)) return { url, permitted: true };
  const shown = `${url.protocol}//${url.host}`;
  if (url.protocol !== "https:") {
    throw forbidden(`${shown} is not https. ${REMEDY}`);
  }
  if (url.port !== "") {
    throw forbidden(`${shown} names a port other than 443. ${REMEDY}`);
  }
  if (IP_LITERAL.test(url.hostname)) {
    throw forbidden(`${shown} is an IP address and not a name. ${REMEDY}`);
  }
  if (LOCAL_NAME.test(url.hostname)) {
    throw forbidden(`${shown} is a name of this machine or its network. ${REMEDY}`);
  }
  return { url, permitted: false };
}

function parse(text: string): URL {
  if (text.length > LONGEST) {
    throw forbidden(`The address is ${text.length} characters long; at most ${LONGEST} are accepted.`);
  }
  // The parser forgives all of these, and others read them differently.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) {
    throw forbidden("The address holds a backslash, a blank or a control character.");
  }
  if (!/^https?:\/\/[^/?#]/i.test(text) || !URL.canParse(text)) {
    throw forbidden(`The address is no URL of the form https://host/path. ${REMEDY}`);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || authorityOf(text).includes("@")) {
    throw forbidden("The address holds a user name or a password. Leave it out.");
  }
  if (text.includes("#")) throw forbidden("The address holds a fragment. Leave out # and what follows.");
  if (authorityOf(text).includes("%")) {
    throw forbidden("The host is written with percent signs. Write it plainly.");
  }
  if (url.hostname.endsWith(".")) throw forbidden("The host ends with a dot. Leave it out.");
  return url;
}

function authorityOf(text: string): string {
  return /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? "";
}

/** The error for an address that may not be connected to: trying again does not help. */
export function forbidden(message: string): WireError {
  return new WireError("forbidden_target", message);
}
