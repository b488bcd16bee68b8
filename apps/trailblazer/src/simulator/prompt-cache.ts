import { createHash } from "node:crypto";

const FIVE_MINUTES_MS = 5 * 60_000;
const HOUR_MS = 60 * 60_000;
const SMALLEST = 1024;
const STEP = 128;
const KEPT = 5_000;

/**
 * Remembers prompt prefixes as long as the providers do. A prefix below 1,024 tokens is never cached. A key is the
 * model with a digest of the text, so no prompt is kept.
 */
export class PromptCache {
  readonly #expiries = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * OpenAI's automatic caching: the longest prefix in steps of 128 tokens that was seen in the last five minutes.
   * Answers how many tokens of the prompt were read from the cache, and remembers all its prefixes.
   */
  readAutomatic(model: string, tokens: readonly string[]): number {
    const hash = createHash("sha256").update(model);
    let cached = 0;
    for (let length = SMALLEST; length <= tokens.length; length += STEP) {
      const start = length === SMALLEST ? 0 : length - STEP;
      hash.update(tokens.slice(start, length).join(""));
      if (this.#touch(hash.copy().digest("base64"), FIVE_MINUTES_MS)) cached = length;
    }
    return cached;
  }

  /**
   * Anthropic's explicit breakpoints, in order: each names the prefix before it and how long it shall live. Tokens up
   * to the last known breakpoint are read, those between it and the last breakpoint are written.
   */
  readBreakpoints(model: string, breakpoints: readonly Breakpoint[]): CacheTokens {
    let read = 0;
    let write = 0;
    let writeHour = 0;
    for (const { prefix, tokens, hour } of breakpoints) {
      if (tokens < SMALLEST) continue;
      const key = createHash("sha256").update(model).update(prefix).digest("base64");
      const covered = read + write + writeHour;
      if (this.#touch(key, hour ? HOUR_MS : FIVE_MINUTES_MS)) {
        read = tokens;
        write = 0;
        writeHour = 0;
      } else if (hour) writeHour += tokens - covered;
      else write += tokens - covered;
    }
    return { read, write, writeHour };
  }

  /** Whether the key was alive; it is from now on. */
  #touch(key: string, lifetimeMs: number): boolean {
    const now = this.#now();
    const expiry = this.#expiries.get(key);
    // Set anew rather than updated: the map's order is its order of use, and the oldest goes first.
    this.#expiries.delete(key);
    this.#expiries.set(key, now + lifetimeMs);
    if (this.#expiries.size > KEPT) {
      const oldest = this.#expiries.keys().next();
      if (!oldest.done) this.#expiries.delete(oldest.value);
    }
    return expiry !== undefined && expiry > now;
  }
}

/** A point in a prompt up to which it may be cached. `tokens` counts everything before it. */
export interface Breakpoint {
  readonly prefix: string;
  readonly tokens: number;
  /** Kept for an hour instead of five minutes. */
  readonly hour: boolean;
}

/** Disjoint counts; the rest of the prompt is uncached input. */
export interface CacheTokens {
  readonly read: number;
  readonly write: number;
  readonly writeHour: number;
}
