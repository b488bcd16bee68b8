import { Observable, type Observer, type Unsubscribable } from "rxjs";

import { type Method, interceptOnce, replaceMethod } from "./intercepted.ts";
import { type Entrance, type Surroundings, endingOf } from "./surroundings.ts";

type Subscribe = (observer: Observer<unknown>) => Unsubscribable;

/**
 * Cold like the original: each subscription is an execution, the first one that of the call itself. A plain observable is
 * wrapped, since others may subscribe to the same one; a subject, or any other class with methods of its own, is returned
 * itself, and every subscription to it is inside from now on.
 */
export function keepObservable(
  source: Observable<unknown>,
  entrance: Entrance,
  around: Surroundings,
): Observable<unknown> {
  const subscribe = Reflect.get(source, "subscribe") as Subscribe;
  if (Object.getPrototypeOf(source) === Observable.prototype) {
    let first: Surroundings | undefined = around;
    return observe(
      (observer) => subscribe.call(source, observer),
      () => {
        const next = first ?? entrance.enter();
        first = undefined;
        return next;
      },
    );
  }
  return interceptOnce(source, entrance, around, ({ turn, enter }) =>
    replaceMethod(source, "subscribe", function (...args) {
      const inside = observe(
        (observer) => subscribe.call(this, observer),
        () => turn.take() ?? enter(),
      );
      return (inside.subscribe as Method).apply(inside, args);
    }),
  );
}

function observe(subscribe: Subscribe, enter: () => Surroundings): Observable<unknown> {
  return new Observable((subscriber) => {
    const around = enter();
    let last: unknown;
    const inner = around.run(() =>
      subscribe({
        next(value) {
          last = value;
          subscriber.next(value);
        },
        error(error: unknown) {
          around.end(endingOf(error));
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
