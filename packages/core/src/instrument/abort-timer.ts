/** More than an SDK puts between its timer and its signal. */
const FRAMES = 40;

/**
 * Tells whether a timer has aborted `signal`, as SDKs do for their own timeout; an application that aborts because its
 * caller left does it from elsewhere. For signals made for one request, since the listener stays.
 */
export function watchForTimer(signal: AbortSignal): () => boolean {
  let byTimer = false;
  signal.addEventListener("abort", () => {
    byTimer = callers().includes("listOnTimeout");
  });
  return () => byTimer;
}

function callers(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack } = new Error("trace");
  Error.stackTraceLimit = stackTraceLimit;
  return stack ?? "";
}
