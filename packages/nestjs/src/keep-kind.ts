/**
 * A result that is still going on, observed without changing what it is.
 *
 * Invariants:
 * - a synchronous result stays synchronous, a promise a promise, a plain observable one, and the very object of any other
 *   kind is returned;
 * - a lazy thenable (a query builder, an SDK's promise) is not triggered by being observed;
 * - an error arrives unchanged, and an unhandled rejection stays unhandled.
 */
import { isObservable } from "rxjs";

import { type Method, interceptOnce, replaceMethod } from "./intercepted.ts";
import { keepIterable, keepSteps, readsLikeStream } from "./keep-iterable.ts";
import { keepObservable } from "./keep-observable.ts";
import { type Entrance, type Surroundings, endingOf } from "./surroundings.ts";

/** Runs `work` in surroundings of its own, which end when its result has come to an end. */
export function runToEnd(entrance: Entrance, work: () => unknown): unknown {
  const around = entrance.enter();
  let result: unknown;
  try {
    result = around.run(work);
  } catch (error) {
    around.end(endingOf(error));
    throw error;
  }
  return keep(result, entrance, around);
}

/** Whatever goes on after the call goes on in `around`, which ends with it. */
function keep(result: unknown, entrance: Entrance, around: Surroundings): unknown {
  if (isObservable(result)) return keepObservable(result, entrance, around);
  if (typeof result === "object" && result !== null) {
    if (result instanceof Promise && result.then === Promise.prototype.then) {
      return keepPromise(result, entrance, around);
    }
    if ("then" in result && typeof result.then === "function") return keepThenable(result, entrance, around);
    const isIterable = Symbol.asyncIterator in result || Symbol.iterator in result;
    if (isIterable && "next" in result && typeof result.next === "function") {
      return keepSteps(result, entrance, around);
    }
    if (readsLikeStream(result)) return keepIterable(result, entrance, around);
  }
  around.end("ok", result);
  return result;
}

function keepPromise(promise: Promise<unknown>, entrance: Entrance, around: Surroundings): Promise<unknown> {
  return promise.then(
    // A stream is what most promises of a model's answer come to: it has only begun.
    (value) => keep(value, entrance, around),
    (error: unknown) => {
      around.end(endingOf(error));
      throw error;
    },
  );
}

/** The object's own `then` from now on runs inside; a builder that returns itself keeps it. */
function keepThenable(
  thenable: object & { then?: unknown },
  entrance: Entrance,
  first: Surroundings,
): object {
  const then = thenable.then as Method;
  return interceptOnce(thenable, entrance, first, ({ turn }) => {
    let latest = first;
    return replaceMethod(thenable, "then", function (resolve, reject) {
      // Whoever asks again for the same answer is no further execution.
      const around = (latest = turn.take() ?? latest);
      return around.run(() =>
        then.call(
          this,
          (value: unknown) => {
            const kept = keep(value, entrance, around);
            return typeof resolve === "function" ? (resolve as Method)(kept) : kept;
          },
          (error: unknown) => {
            around.end(endingOf(error));
            if (typeof reject === "function") return (reject as Method)(error);
            throw error;
          },
        ),
      );
    });
  });
}
