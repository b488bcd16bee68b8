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

/** Resolves to the refusal that `work` threw; never rejects. */
export async function carefullyAsync(work: () => Promise<void>): Promise<LimitExceededError | undefined> {
  try {
    await work();
  } catch (error) {
    const refusal = LimitExceededError.from(error);
    if (refusal !== undefined) return refusal;
    noteFault("langchain", error);
  }
  return undefined;
}
