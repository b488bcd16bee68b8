import { type FastifyRequest } from "fastify";

const NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
const ADDRESS = /^(?:::ffff:)?127\.|^::1$/;

/** The address is one that only this machine can reach. */
export function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && (address === "localhost" || ADDRESS.test(address));
}

/**
 * The request comes from this machine, from the dashboard itself or from a tool without an origin. The Host header
 * is checked so that no foreign name, re-bound to this address, reads along; the origin, so that no other page does.
 */
export function isLocalDashboard(request: FastifyRequest): boolean {
  const { localAddress, localPort, remoteAddress } = request.raw.socket;
  if (!isLoopbackAddress(localAddress) || !isLoopbackAddress(remoteAddress)) return false;
  // A proxy on this machine would make the whole world look local.
  if (request.headers["x-forwarded-for"] !== undefined || request.headers.forwarded !== undefined)
    return false;
  const host = request.headers.host ?? "";
  const separator = host.lastIndexOf(":");
  if (!NAMES.has(host.slice(0, separator)) || host.slice(separator + 1) !== String(localPort)) return false;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const { origin } = request.headers;
  return origin === undefined || origin === `http://${host}`;
}
