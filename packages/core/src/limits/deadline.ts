import { PayiError } from "../errors.ts";

/** A timer that comes this late says that the event loop stood still, and answers may be waiting behind it. */
const LAG_MS = 20;

/**
 * As `work`, but rejects after `leftMs` of waiting; the work goes on. Time in which the process itself stood still is
 * no waiting: it is granted once more, up to as long again.
 */
export async function within<T>(leftMs: number, work: Promise<T>): Promise<T> {
  const timeoutMs = Math.max(0, leftMs);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void =>
      reject(new PayiError("limit_check_timeout", `The platform did not answer within ${timeoutMs} ms.`));
    const dueMs = performance.now() + timeoutMs;
    timer = setTimeout(() => {
      const lagMs = performance.now() - dueMs;
      if (lagMs < LAG_MS) giveUp();
      else timer = setTimeout(giveUp, Math.min(lagMs, timeoutMs));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
