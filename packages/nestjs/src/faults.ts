/**
 * What goes wrong in our part is logged, and the application goes on as if we were not there: no request fails by it, waits
 * for it, or leaves a promise without a catch.
 */
import { noteFault as note } from "@payi/core/call";

export function noteFault(error: unknown): void {
  note("nestjs", error);
}

/** What `work` returns; undefined where it failed. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    noteFault(error);
    return undefined;
  }
}

/** `use` of what `ask` tells, at once where it is told at once; of undefined where it could not be told. */
export function whenKnown<T>(ask: () => T | Promise<T>, use: (value: T | undefined) => void): void {
  const told = attempt(ask);
  if (told instanceof Promise) void useLater(told, use);
  else use(told);
}

async function useLater<T>(told: Promise<T>, use: (value: T | undefined) => void): Promise<void> {
  const value = await told.catch(noteFault);
  attempt(() => use(value ?? undefined));
}

/**
 * Runs `work` by `around` and returns what it returns. Where `around` fails before `work` has begun, that is logged and `work`
 * runs without it.
 */
export function runDespite<T>(around: (work: () => void) => void, work: () => T): T {
  let done: { readonly result: T } | undefined;
  let begun = false;
  try {
    // The result stays here: what goes on in it is kept once, and not by `around` as well.
    around(() => {
      begun = true;
      done = { result: work() };
    });
  } catch (error) {
    // What `work` itself threw is the application's: running it again would do things twice.
    if (begun) throw error;
    noteFault(error);
  }
  return done === undefined ? work() : done.result;
}
