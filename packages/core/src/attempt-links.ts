/**
 * Finds the attempt that another one repeats. SDKs number their attempts and tell nothing else, so two attempts belong
 * together when they send the same text to the same place from the same flow, with numbers that follow each other.
 */

/** What an attempt shows of itself. */
export interface AttemptTrace {
  /** From 1. */
  readonly attempt: number;
  readonly href: string;
  readonly body: string;
  /** The flow it was made in, by identity. */
  readonly flow: object | undefined;
}

/** An attempt that may still be repeated. */
export interface LinkedAttempt {
  readonly trace: AttemptTrace | undefined;
  /** The id that it shares with its repetitions; made when first asked for. */
  readonly callId: string;
}

const MAX_FAILED = 64;
const MAX_AGE_MS = 120_000;
/** Longer requests are not held for the sake of a link. */
const MAX_BODY = 256 << 10;

export class AttemptLinks {
  /** Attempts that failed lately, the oldest first. */
  readonly #failed: { readonly attempt: LinkedAttempt; readonly atMs: number }[] = [];

  /** Remembers an attempt that ended badly, in case it is repeated. */
  remember(attempt: LinkedAttempt): void {
    if (attempt.trace === undefined || attempt.trace.body.length > MAX_BODY) return;
    const now = performance.now();
    this.#failed.push({ attempt, atMs: now });
    while (this.#failed.length > MAX_FAILED || now - (this.#failed[0]?.atMs ?? now) > MAX_AGE_MS) {
      this.#failed.shift();
    }
  }

  /** The call id of what `trace` repeats, among the failed attempts and those still `open`. Each is repeated once. */
  find(trace: AttemptTrace, open: Iterable<LinkedAttempt>): string | undefined {
    const index = this.#failed.findIndex(({ attempt }) => precedes(attempt.trace, trace));
    if (index !== -1) return this.#failed.splice(index, 1)[0]?.attempt.callId;
    // A retry after a slow 200: the first answer is still open, and will be billed as well.
    for (const attempt of open) if (precedes(attempt.trace, trace)) return attempt.callId;
    return undefined;
  }
}

function precedes(earlier: AttemptTrace | undefined, later: AttemptTrace): boolean {
  return (
    earlier !== undefined &&
    earlier.attempt === later.attempt - 1 &&
    earlier.href === later.href &&
    earlier.flow === later.flow &&
    earlier.body === later.body
  );
}
