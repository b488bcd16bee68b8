/**
 * Writes of one request under an idempotency key: each is done once. Its result is kept in the transaction of the write,
 * so a repeat after a crash gets that result in place of a second write.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** One write of a request, named by its verb and its place among those of that verb. */
export interface OnceStep {
  readonly application: string;
  readonly key: string;
  readonly step: string;
  readonly requestHash: Uint8Array;
}

/** A request whose writes are done once. */
export class WriteOnce {
  readonly #request: Omit<OnceStep, "step">;
  readonly #counts = new Map<string, number>();
  #ended = false;

  constructor(request: Omit<OnceStep, "step">) {
    this.#request = request;
  }

  /** The writes in `work`, and in all that it starts before {@link end}, belong to the request. */
  run<Result>(work: () => Result): Result {
    return SCOPE.run(this, work);
  }

  /** The answer is there: what goes on in the background is on its own. */
  end(): void {
    this.#ended = true;
  }

  next(verb: string): OnceStep | undefined {
    if (this.#ended) return undefined;
    const count = this.#counts.get(verb) ?? 0;
    this.#counts.set(verb, count + 1);
    return { ...this.#request, step: `${verb} ${count}` };
  }
}

const SCOPE = new AsyncLocalStorage<WriteOnce>();
/** They may be done again at will, and come at any time. */
const HARMLESS: ReadonlySet<string> = new Set(["touchKey", "saveAnswer", "takeLease", "endLease"]);

/** The step that a write is, where it belongs to a request with an idempotency key. */
export function onceStep(verb: string): OnceStep | undefined {
  return HARMLESS.has(verb) ? undefined : SCOPE.getStore()?.next(verb);
}
