/** Platforms that freeze a process after its answer: they wait for what is handed to their `waitUntil`. */

interface RequestContext {
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** Where Vercel and Next.js keep the context of the request being answered. */
const PLACES = [Symbol.for("@vercel/request-context"), Symbol.for("@next/request-context")];

/** How long a platform is asked to wait. */
const TIMEOUT_MS = 10_000;

/**
 * Hands `flush` to the platform that answers the present request, if there is one; once at a time per request. Asked for
 * every event, since each belongs to a request of its own. Never throws.
 */
export class AmbientWait {
  readonly #flush: (options: { readonly timeoutMs: number }) => Promise<unknown>;
  readonly #waiting = new WeakMap<object, { again: boolean }>();

  constructor(flush: (options: { readonly timeoutMs: number }) => Promise<unknown>) {
    this.#flush = flush;
  }

  note(): void {
    try {
      const context = ambientContext();
      if (context?.waitUntil === undefined) return;
      const waiting = this.#waiting.get(context);
      if (waiting !== undefined) {
        waiting.again = true;
        return;
      }
      const state = { again: false };
      this.#waiting.set(context, state);
      context.waitUntil(this.#work(context, state));
    } catch {
      // A place of that name which is something else: the queue delivers as it does anywhere.
    }
  }

  async #work(context: object, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      // oxlint-disable-next-line no-await-in-loop
      await this.#flush({ timeoutMs: TIMEOUT_MS });
    } while (state.again);
    this.#waiting.delete(context);
  }
}

function ambientContext(): RequestContext | undefined {
  for (const place of PLACES) {
    const holder = (globalThis as Record<symbol, unknown>)[place] as { get?: () => unknown } | undefined;
    const context = holder?.get?.();
    if (typeof context === "object" && context !== null && "waitUntil" in context)
      return context as RequestContext;
  }
  return undefined;
}
