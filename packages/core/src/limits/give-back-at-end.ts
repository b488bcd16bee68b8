/** The end of the process: budgets are not left waiting for leases that nobody spends any more. */
import { type Guard } from "./guard.ts";

const END_MS = 1_000;

/** Returns what is held when an idle process is about to end; the platform takes back what a sudden end leaves. */
export function giveBackAtEnd(guard: Guard): () => void {
  const host = globalThis.process as NodeJS.Process | undefined;
  const onBeforeExit = (): void => void guard.giveBack?.(END_MS);
  host?.on("beforeExit", onBeforeExit);
  return () => host?.off("beforeExit", onBeforeExit);
}
