/** Holds of single calls, where no lease has room: renewed while the call runs, released when it costs nothing. */
import { type PayiClient } from "../client/client.ts";

/** Long enough for a pause of the process, short enough that a crash does not block a budget for long. */
export const HOLD_MS = 60_000;
const RENEW_MS = 20_000;

export class OpenHolds {
  readonly #client: PayiClient;
  readonly #open = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(client: PayiClient) {
    this.#client = client;
  }

  /** The call goes on. */
  keep(holdId: string): void {
    this.#open.add(holdId);
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS).unref();
  }

  /** The call has ended, and its event settles the hold. */
  leave(holdId: string): void {
    this.#open.delete(holdId);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Nothing is to be paid; where the platform does not hear of it, the hold ends by itself. Never rejects. */
  async release(holdId: string): Promise<void> {
    this.leave(holdId);
    await this.#client.holds.release(holdId).catch(() => undefined);
  }

  /** For the end: calls that still run have no event. Never rejects. */
  async releaseAll(): Promise<void> {
    await Promise.all([...this.#open].map((holdId) => this.release(holdId)));
  }

  #renew(): void {
    for (const holdId of this.#open) this.#client.holds.renew(holdId, HOLD_MS).catch(() => undefined);
  }
}
