/**
 * Calls that were sent and have no answer yet. At the end of the process nobody will hear of it: they are settled as abandoned,
 * so that what was asked for is counted.
 */
import { type Call } from "../call.ts";

const KEY = Symbol.for("payi.waitingCalls");
const holder = globalThis as { [KEY]?: Set<Pick<Call, "abandon">> };

/** One for the process, however many copies of the package there are. */
export const waitingCalls: Set<Pick<Call, "abandon">> = (holder[KEY] ??= new Set());

/** Settles all of them; an answer that comes afterwards is the application's alone. Never throws. */
export function abandonWaitingCalls(): void {
  for (const call of waitingCalls) call.abandon();
  waitingCalls.clear();
}
