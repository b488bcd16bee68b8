/**
 * The end of the process.
 *
 * Invariants:
 * - an idle process ends by itself, about one flush later at most, whether the platform answers or not;
 * - on `exit`, also after `process.exit` and an uncaught exception, what is in memory is written to the spool;
 * - nothing here changes how the process ends: no signal is caught, no error, no exit code.
 */
import { SILENT_MS, platformIsSilent } from "../client/silence.ts";
import { type Logger } from "../logger.ts";
import { type Delivery } from "./delivery.ts";

export interface EndOfProcess {
  readonly delivery: Delivery;
  readonly logger: Logger;
  /** Settles the calls whose answers are still being read. */
  readonly settleOpenCalls: () => void;
}

const EXIT_FLUSH_MS = 2_000;

/** Answers with what takes the hooks away again. */
export function watchEndOfProcess({ delivery, logger, settleOpenCalls }: EndOfProcess): () => void {
  const host = globalThis.process as NodeJS.Process | undefined;
  let producedAtLastFlush = -1;
  const onBeforeExit = (): void => {
    settleOpenCalls();
    const { produced, pending } = delivery.stats;
    // Node asks again after each flush; a platform that is away must not keep the process alive for ever.
    if (pending === 0 || produced === producedAtLastFlush) return;
    producedAtLastFlush = produced;
    // Once more, since it may have been the connection that was dead; but the silence was part of the time.
    void delivery.flush({ timeoutMs: platformIsSilent() ? EXIT_FLUSH_MS - SILENT_MS : EXIT_FLUSH_MS });
  };
  const onExit = (): void => {
    settleOpenCalls();
    const lost = delivery.saveNow();
    if (lost === 0) return;
    logger.warn(
      `The process ended with ${lost} events that were not delivered; they are lost. Await flush() or close() before the end, or set config.spool.`,
    );
  };
  host?.on("beforeExit", onBeforeExit);
  host?.on("exit", onExit);
  return () => {
    host?.off("beforeExit", onBeforeExit);
    host?.off("exit", onExit);
  };
}
