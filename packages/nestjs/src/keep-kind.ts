/**
 * A result that is still going on, observed without changing what it is.
 *
 * Invariants:
 * - a synchronous result stays synchronous, a promise a promise, and the very object of any other kind is returned;
 * - a lazy thenable (a query builder, an SDK's promise) is not triggered by being observed;
 * - an error arrives unchanged, and an unhandled rejection stays unhandled.
 */
import { Observable, isObservable } from "rxjs";

/** What surrounds one execution. */
export interface Surroundings {
  /** Runs `work` inside and returns what it returns. */
  run<T>(work: () => T): T;
  /** Called at the end. `value` is what was returned, resolved, or emitted last. */
  end(outcome: "ok" | "error" | "aborted", value?: unknown): void;
}

/** Runs `work` in surroundings of its own, which end when its result has come to an end. `again` opens further ones. */
export function runToEnd(around: Surroundings, again: () => Surroundings, work: () => unknown): unknown {
  let result: unknown;
  try {
    result = around.run(work);
  } catch (error) {
    around.end(outcomeOf(error));
    throw error;
  }
  if (isObservable(result)) return observe(result, around, again);
  if (typeof result !== "object" || result === null) {
    around.end("ok", result);
    return result;
  }
  if (result instanceof Promise && result.then === Promise.prototype.then) {
    return settle(result, around);
  }
  if ("then" in result && typeof result.then === "function") return interceptThen(result, around);
  if ("next" in result && (Symbol.asyncIterator in result || Symbol.iterator in result)) {
    return interceptSteps(result, around);
  }
  around.end("ok", result);
  return result;
}

function settle(promise: Promise<unknown>, around: Surroundings): Promise<unknown> {
  return promise.then(
    (value) => {
      around.end("ok", value);
      return value;
    },
    (error: unknown) => {
      around.end(outcomeOf(error));
      throw error;
    },
  );
}

/** Cold like the original: each subscription is an execution, the first one that of the call itself. */
function observe(
  source: Observable<unknown>,
  first: Surroundings,
  again: () => Surroundings,
): Observable<unknown> {
  let next: Surroundings | undefined = first;
  return new Observable((subscriber) => {
    const around = next ?? again();
    next = undefined;
    let last: unknown;
    const inner = around.run(() =>
      source.subscribe({
        next(value) {
          last = value;
          subscriber.next(value);
        },
        error(error: unknown) {
          around.end(outcomeOf(error));
          subscriber.error(error);
        },
        complete() {
          around.end("ok", last);
          subscriber.complete();
        },
      }),
    );
    return () => {
      inner.unsubscribe();
      around.end("aborted");
    };
  });
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The object's own `then` from now on runs inside; a builder that returns itself keeps it. */
function interceptThen(thenable: object & { then?: unknown }, around: Surroundings): object {
  const then = thenable.then as Method;
  replaceMethod(thenable, "then", function (resolve, reject) {
    return around.run(() =>
      then.call(
        this,
        (value: unknown) => {
          around.end("ok", value);
          return typeof resolve === "function" ? (resolve as Method)(value) : value;
        },
        (error: unknown) => {
          around.end(outcomeOf(error));
          if (typeof reject === "function") return (reject as Method)(error);
          throw error;
        },
      ),
    );
  });
  return thenable;
}

/** Each step of a generator from now on runs inside. */
function interceptSteps(generator: object, around: Surroundings): object {
  let last: unknown;
  const note = (step: unknown): unknown => {
    if (typeof step !== "object" || step === null) return step;
    if ("done" in step && step.done === true) around.end("ok", last);
    else if ("value" in step) last = step.value;
    return step;
  };
  const fail = (error: unknown): never => {
    around.end(outcomeOf(error));
    throw error;
  };
  for (const name of ["next", "return", "throw"]) {
    const step: unknown = Reflect.get(generator, name);
    if (typeof step !== "function") continue;
    replaceMethod(generator, name, function (...args) {
      try {
        const told = around.run(() => (step as Method).apply(this, args));
        return told instanceof Promise ? told.then(note, fail) : note(told);
      } catch (error) {
        return fail(error);
      }
    });
  }
  return generator;
}

/** A frozen object keeps its method: then only what it started so far is inside. */
function replaceMethod(target: object, name: string, value: Method): void {
  Reflect.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}

function outcomeOf(error: unknown): "error" | "aborted" {
  return error instanceof Error && error.name === "AbortError" ? "aborted" : "error";
}
