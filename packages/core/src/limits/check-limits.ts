/** Asks the limits before there is a call: a request that would be refused anyway need not be worked on. */
import { currentValues } from "../context.ts";
import { LimitExceededError } from "../errors.ts";
import { getRuntime } from "../runtime.ts";
import { type Permit, releasePermit } from "./guard.ts";

/**
 * The refusal that a call made right now would meet; undefined when it would go ahead, or nobody can tell. At once where
 * no network is needed. Nothing is held: the call itself is authorised again. Never throws, never rejects.
 */
export function checkLimits(): LimitExceededError | undefined | Promise<LimitExceededError | undefined> {
  const runtime = getRuntime();
  if (runtime === undefined) return undefined;
  const giveUp = (error: unknown): undefined => {
    runtime.log.warn("guard", `The limits could not be asked: ${String(error)}`);
  };
  try {
    const permit = runtime.guard.authorize({
      category: "unknown",
      resource: undefined,
      context: currentValues(),
      maxOutputTokens: 0,
      onEntry: true,
    });
    return permit instanceof Promise ? permit.then(judge).catch(giveUp) : judge(permit);
  } catch (error) {
    return giveUp(error);
  }
}

function judge(permit: Permit): LimitExceededError | undefined {
  if (permit.refusal !== undefined) return new LimitExceededError(permit.refusal);
  releasePermit(permit);
  return undefined;
}
