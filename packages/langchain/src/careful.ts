/** A fault of ours is logged and changes nothing for the application. */
import { LimitExceededError } from "@payi/core";
import { noteFault } from "@payi/core/call";

/** Never throws. */
export function carefully(work: () => void): void {
  try {
    work();
  } catch (error) {
    noteFault("langchain", error);
  }
}

/** Tells `refused` of the refusal that `work` threw or rejected with, and of nothing else; a promise only where `work` gave one. */
export function carefullyLater(
  work: () => void | Promise<void>,
  refused: (refusal: LimitExceededError) => never,
): void | Promise<void> {
  const failed = (error: unknown): void => {
    const refusal = LimitExceededError.from(error);
    if (refusal !== undefined) refused(refusal);
    noteFault("langchain", error);
  };
  let working: void | Promise<void>;
  try {
    working = work();
  } catch (error) {
    return failed(error);
  }
  return working instanceof Promise ? working.catch(failed) : undefined;
}
