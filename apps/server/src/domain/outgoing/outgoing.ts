/**
 * The one place from which this program connects to addresses that somebody configured: webhooks, Slack, price feeds,
 * identity providers and mail servers. An address is checked as it is written, all addresses behind its name at every connect, and every
 * redirect anew; the socket goes to an address that was checked.
 */
import { type LookupAddress } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { type LookupFunction, type Socket, connect, isIP } from "node:net";

import { type Resolve, publicAddresses, requirePublic, resolveBySystem } from "./addresses.ts";
import { type AllowedHost } from "./allowed-hosts.ts";
import { type Target, readTarget } from "./target.ts";

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 64 * 1024;
const MOST_REDIRECTS = 3;

/** What is to be sent. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** For all of it, redirects and the answer's body included. Default 15 s. */
  readonly timeoutMs?: number;
  /** A longer answer is an error. Default 64 KiB. */
  readonly mostBytes?: number;
  /** Default true: 307 and 308 are followed, at most 3, each checked like the first address. */
  readonly followRedirects?: boolean;
}

/** What was answered, whatever the status. */
export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Sends where the operator's rules allow it. */
export class Outgoing {
  readonly #allowed: readonly AllowedHost[];
  readonly #resolve: Resolve;

  /** `allowed`: hosts beyond the public ones. `resolve` is replaced by tests only. */
  constructor(allowed: readonly AllowedHost[] = [], resolve: Resolve = resolveBySystem) {
    this.#allowed = allowed;
    this.#resolve = resolve;
  }

  /**
   * Resolves where nothing speaks against sending there now; a name that does not resolve may do so later.
   *
   * @throws {WireError} `forbidden_target`.
   */
  async check(url: string): Promise<void> {
    const target = readTarget(url, this.#allowed);
    if (target.permitted) return;
    const addresses = await this.#resolve(target.url.hostname).catch(() => undefined);
    if (addresses !== undefined) requirePublic(target.url.hostname, addresses);
  }

  /**
   * Sends and reads the whole answer.
   *
   * @throws {WireError} `forbidden_target` before anything is sent there; any other error when nobody answered in time.
   */
  async send(url: string, request: OutgoingRequest): Promise<OutgoingAnswer> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
    let target = readTarget(url, this.#allowed);
    for (let hop = 0; ; hop += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a redirect is known when it has arrived
      const answer = await this.#exchange(target, request, signal);
      const { location } = answer.headers;
      if ((answer.status !== 307 && answer.status !== 308) || location === undefined) return answer;
      if (request.followRedirects === false || hop === MOST_REDIRECTS) return answer;
      target = readTarget(new URL(location, target.url).href, this.#allowed);
    }
  }

  /**
   * A plain connection for a protocol other than HTTP, to a host that the operator himself configured.
   *
   * @throws {Error} when nobody answers in time.
   */
  async connect(host: string, port: number): Promise<Socket> {
    const name = host.replaceAll(/^\[|\]$/g, "");
    const known = isIP(name) === 0 ? await publicAddresses(name, true, this.#resolve) : undefined;
    const socket = connect({
      host: name,
      port,
      timeout: TIMEOUT_MS,
      ...(known && { lookup: lookupOf(known) }),
    });
    return new Promise((resolve, reject) => {
      socket.once("timeout", () =>
        socket.destroy(new Error(`${host}:${port} did not answer within ${TIMEOUT_MS / 1000} s.`)),
      );
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.setTimeout(0);
        socket.removeListener("error", reject);
        resolve(socket);
      });
    });
  }

  async #exchange(target: Target, request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingAnswer> {
    const { url, permitted } = target;
    const host = url.hostname.replaceAll(/^\[|\]$/g, "");
    const known = isIP(host) === 0 ? await publicAddresses(host, permitted, this.#resolve) : undefined;
    const start = url.protocol === "https:" ? requestHttps : requestHttp;
    const mostBytes = request.mostBytes ?? MOST_BYTES;
    return new Promise((resolve, reject) => {
      const sending = start(
        url,
        {
          method: request.method,
          headers: request.headers,
          signal,
          // A connection of another time was checked at another time.
          agent: false,
          ...(known && { lookup: lookupOf(known) }),
        },
        (response) => {
          readBody(response, mostBytes).then(
            (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
            reject,
          );
        },
      );
      sending.once("error", reject);
      sending.end(request.body);
    });
  }
}

/** Answers with addresses that were checked, so that nobody asks a resolver a second time. */
function lookupOf(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? "", first?.family);
  };
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > mostBytes) throw new Error(`it is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
