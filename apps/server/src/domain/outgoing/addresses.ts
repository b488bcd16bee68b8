import { type LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";

import ipaddr from "ipaddr.js";

import { forbidden } from "./target.ts";

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** As the system resolves names. */
export const resolveBySystem: Resolve = (host) => lookup(host, { all: true });

/** True for an address that anybody on the internet could reach: no loopback, private, link-local, shared, … one. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address within an IPv6 one has a range of its own, so it is never public.
  return ipaddr.parse(address).range() === "unicast";
}

/** @throws {WireError} `forbidden_target` when one of the addresses is not public. */
export function requirePublic(host: string, addresses: readonly LookupAddress[]): void {
  const inner = addresses.find(({ address }) => !isPublicAddress(address));
  if (inner === undefined) return;
  throw forbidden(
    `${host} leads to ${inner.address}, which is not a public address. Permit the host with PAYI_WEBHOOK_ALLOWED_HOSTS if that is meant.`,
  );
}

/**
 * The addresses behind a name, all of them public unless the name itself is permitted.
 *
 * @throws {WireError} `forbidden_target` when one of them is not; the resolver's own error when it finds none.
 */
export async function publicAddresses(
  host: string,
  permitted: boolean,
  resolve: Resolve,
): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(host);
  if (!permitted) requirePublic(host, addresses);
  if (addresses.length === 0) throw new Error(`${host} has no address.`);
  return addresses;
}
