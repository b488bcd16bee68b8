import { type FastifyRequest } from "fastify";

import { isLocalDashboard } from "./loopback.ts";

/** Where browsers reach the platform from. */
export class OwnOrigin {
  /** As configured: `https://payi.example.com`. Undefined: this machine, by its own names. */
  readonly configured: string | undefined;
  /** Browsers come over TLS, which ends before us. */
  readonly isSecure: boolean;

  constructor(publicUrl: URL | undefined) {
    this.configured = publicUrl?.origin;
    this.isSecure = publicUrl?.protocol === "https:";
  }

  /** Cookies may be given here: over TLS, or to a browser on this machine. */
  mayHaveCookies(request: FastifyRequest): boolean {
    return this.isSecure || isLocalDashboard(request);
  }

  /**
   * The request was made by our own page, not by another one in the same browser. What a browser does not say
   * (`Sec-Fetch-Site`, `Origin`) counts against a request that changes something.
   */
  isOwn(request: FastifyRequest): boolean {
    const site = request.headers["sec-fetch-site"];
    const { origin } = request.headers;
    const reads = request.method === "GET" || request.method === "HEAD";
    if (origin !== undefined && origin !== this.#originOf(request)) return false;
    if (site !== undefined) return site === "same-origin" || (reads && site === "none");
    return reads || origin !== undefined;
  }

  #originOf(request: FastifyRequest): string {
    return this.configured ?? `http://${request.headers.host ?? ""}`;
  }
}
