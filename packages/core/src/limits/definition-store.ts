/** The definitions as this process has them: fetched when first needed, and again when the platform says they changed. */
import { type PayiClient } from "../client/client.ts";
import { ApiError } from "../errors.ts";
import { WireError } from "../wire/parse.ts";
import { Definitions } from "./definitions.ts";

/** Older than this they are looked at again, beside the call. */
const FRESH_MS = 1_000;
/** Older than this the call waits for the look. */
const STALE_MS = 60_000;
/** A platform without a guard, such as the hosted one, is asked again after this. */
const ABSENT_MS = 300_000;
const MOST_SEEN = 10_000;

export class DefinitionStore {
  readonly #client: PayiClient;
  #definitions: Definitions | undefined;
  #confirmedMs = Number.NEGATIVE_INFINITY;
  #absentUntilMs = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;
  /** Ids that calls named and the definitions do not have: allow limits, mostly. */
  #seen = new Set<string>();

  /** `onHeard` is told that the platform answered somebody. */
  constructor(client: PayiClient, onHeard: () => void) {
    this.#client = client;
    client.onLimitsVersion((version) => {
      onHeard();
      this.#note(version);
    });
  }

  /** What is known, however old. */
  get known(): Definitions | undefined {
    return this.#definitions;
  }

  /** True where the platform has no guard: then no limit can be asked about. */
  absent(nowMs: number): boolean {
    return nowMs < this.#absentUntilMs;
  }

  /** What a call may go by without waiting; undefined where it has to wait for `refresh`. */
  current(nowMs: number, named: readonly string[] | undefined): Definitions | undefined {
    const definitions = this.#definitions;
    if (definitions === undefined) return undefined;
    const ageMs = nowMs - this.#confirmedMs;
    if (ageMs > STALE_MS || named?.some((id) => !this.#isOld(definitions, id)) === true) return undefined;
    if (ageMs > FRESH_MS) this.refresh().catch(() => undefined);
    return definitions;
  }

  /** Resolves once the platform has answered; rejects when it does not. */
  refresh(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** The ids have been looked for: whoever names them again does not wait. */
  remember(named: readonly string[] | undefined): void {
    for (const id of named ?? []) {
      if (this.#seen.size >= MOST_SEEN) this.#seen.clear();
      if (this.#definitions?.knows(id) === false) this.#seen.add(id);
    }
  }

  close(): void {
    this.#client.onLimitsVersion(undefined);
  }

  #isOld(definitions: Definitions, id: string): boolean {
    return definitions.knows(id) || this.#seen.has(id);
  }

  async #fetch(): Promise<void> {
    const askedMs = performance.now();
    try {
      const found = await this.#client.holds.definitions(this.#definitions?.version);
      if (found !== undefined) {
        this.#definitions = new Definitions(found);
        this.#seen = new Set();
      }
      this.#confirmedMs = askedMs;
      this.#absentUntilMs = Number.NEGATIVE_INFINITY;
    } catch (error) {
      if (!this.#tellsNoGuard(error)) throw error;
      this.#absentUntilMs = askedMs + ABSENT_MS;
    }
  }

  /** The answer of a platform without a guard. One that had definitions before does not lose them by a strange answer. */
  #tellsNoGuard(error: unknown): boolean {
    if (error instanceof ApiError) {
      return error.status === 404 || error.status === 405 || error.status === 501;
    }
    return error instanceof WireError && this.#definitions === undefined;
  }

  #note(version: string): void {
    const known = this.#definitions?.version;
    if (version === known) this.#confirmedMs = performance.now();
    else this.refresh().catch(() => undefined);
  }
}
