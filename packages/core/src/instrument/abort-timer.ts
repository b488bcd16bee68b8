/** More than an SDK puts between its timer and its signal. */
const FRAMES = 40;

/**
 * Tells whether a timer has aborted a signal, as SDKs do for their own timeout; an application that aborts because its caller
 * left does it from elsewhere. It listens until it is released: an SDK may leave the signal hanging on one of the application's
 * that lives as long as the process, and with it all that listens.
 */
export class AbortTimer {
  readonly #signal: AbortSignal;
  #byTimer = false;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this);
  }

  get hasAborted(): boolean {
    return this.#byTimer;
  }

  handleEvent(): void {
    this.#byTimer = callers().includes("listOnTimeout");
  }

  /** Once the headers or an error have come: SDKs stop their timer then. */
  release(): void {
    this.#signal.removeEventListener("abort", this);
  }
}

function callers(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error("trace");
  Error.stackTraceLimit = stackTraceLimit;
  return stack ?? "";
}
