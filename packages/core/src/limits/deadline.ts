import { PayiError } from "../errors.ts";

/** As `work`, but rejects after `timeoutMs`; the work goes on. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new PayiError("limit_check_timeout", `The platform did not answer within ${timeoutMs} ms.`);
    timer = setTimeout(() => reject(error), Math.max(0, timeoutMs));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
