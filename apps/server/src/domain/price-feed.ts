/**
 * Looks at an address now and then for a price book. What it finds becomes a candidate, with the verdict of its gates;
 * nothing it fetches is ever put in force by itself.
 */
import { isObject } from "@payi/core/wire";

import { type Store } from "../store/store.ts";
import { hostOf } from "./outgoing/allowed-hosts.ts";
import { Outgoing, type OutgoingAnswer } from "./outgoing/outgoing.ts";
import { readBookDocument } from "./price-book-document.ts";
import { compareWithActive } from "./price-books.ts";
import { addCandidate } from "./price-candidate.ts";
import { type Prices } from "./prices.ts";

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 16 * 1024 * 1024;
const ACTOR = "price feed";

/** Where to look, and how often. */
export interface FeedSettings {
  readonly url: string;
  readonly intervalMs: number;
}

/** What the last look brought, in the words of the wire. */
export interface FeedStatus {
  readonly url: string;
  readonly checked_timestamp: string | null;
  /** When an answer was last understood, changed or not. */
  readonly succeeded_timestamp: string | null;
  /** Why the last look failed; null after one that did not. */
  readonly error: string | null;
  /** The candidate that the address holds. */
  readonly book: string | null;
  /** Gates that this candidate does not pass; null before there is one, or while it is in force. */
  readonly shut_gates: readonly string[] | null;
}

/** Polls one address while it is started. */
export class PriceFeed {
  failures = 0;
  readonly #context: { readonly store: Store; readonly prices: Prices };
  readonly #settings: FeedSettings;
  #timer: NodeJS.Timeout | undefined;
  #stop = new AbortController();
  #known: Readonly<Record<string, string>> = {};
  #checkedMs: number | undefined;
  #succeededMs: number | undefined;
  #error: string | undefined;
  #found: { readonly book: string; readonly shut: readonly string[] | null } | undefined;

  constructor(context: { readonly store: Store; readonly prices: Prices }, settings: FeedSettings) {
    this.#context = context;
    this.#settings = settings;
  }

  /** Looks at once and then in every interval. */
  start(): void {
    this.#stop = new AbortController();
    const look = (): void => void this.check();
    this.#timer = setInterval(look, this.#settings.intervalMs);
    this.#timer.unref();
    look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#stop.abort();
  }

  status(): FeedStatus {
    return {
      url: withoutQuery(this.#settings.url),
      checked_timestamp: time(this.#checkedMs),
      succeeded_timestamp: time(this.#succeededMs),
      error: this.#error ?? null,
      book: this.#found?.book ?? null,
      shut_gates: this.#found?.shut ?? null,
    };
  }

  /** Looks once. Never rejects: what went wrong stands in the status. */
  async check(): Promise<void> {
    try {
      await this.#look();
      this.#succeededMs = this.#checkedMs = Date.now();
      this.#error = undefined;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.failures += 1;
      this.#checkedMs = Date.now();
      this.#error = describe(error);
    }
  }

  async #look(): Promise<void> {
    const { url } = this.#settings;
    const answer = await outgoingTo(url).send(url, {
      method: "GET",
      headers: { accept: "application/json", ...this.#known },
      // Another address would not be the one that was allowed.
      followRedirects: false,
      signal: this.#stop.signal,
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
    });
    const { status } = answer;
    if (status === 304) return;
    if (status >= 300 && status < 400) {
      throw new Error(`it answered ${status}, a redirect, and only the address itself is read`);
    }
    if (status !== 200) throw new Error(`it answered ${status}`);
    const document: unknown = JSON.parse(answer.body);
    const { name, layer } = readBookDocument(document);
    const named = isObject(document) && document["name"] !== undefined ? name : "price feed";
    const { value, book } = await addCandidate(this.#context, { name: named, layer }, ACTOR);
    const report = await compareWithActive(this.#context, value, book);
    const shut = report?.gates.filter(({ passed }) => !passed).map(({ gate }) => gate) ?? null;
    this.#found = { book: value.id, shut };
    // Only what was understood is worth not sending again.
    this.#known = validatorsOf(answer.headers);
  }
}

function time(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/** True for addresses that nobody on the way can read or change. */
export function isFeedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && loopback);
}

/** The operator chose this address, so it may be one of this machine. */
function outgoingTo(url: string): Outgoing {
  return new Outgoing([hostOf(new URL(url))]);
}

function validatorsOf(headers: OutgoingAnswer["headers"]): Readonly<Record<string, string>> {
  const { etag, "last-modified": modified } = headers;
  return {
    ...(etag === undefined ? {} : { "if-none-match": etag }),
    ...(modified === undefined ? {} : { "if-modified-since": modified }),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A query may hold a token. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
