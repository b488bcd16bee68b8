/**
 * Objects whose methods were replaced, so that what they do later runs in the surroundings of the call that returned them.
 *
 * Invariant: an object is intercepted once for each tracked method, however often that returns it, and the surroundings
 * of at most one call wait for it.
 */
import { type Entrance, type Surroundings } from "./surroundings.ts";

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The surroundings that the next execution of an object takes. */
export class Turn {
  #waiting: Surroundings | undefined;
  #latest: Surroundings | undefined;

  /** The surroundings of the call that returned the object, once; undefined where further executions are on their own. */
  take(): Surroundings | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  /** The object was returned by the call of `around`, whose surroundings wait for it unless those of another do. */
  offer(around: Surroundings): void {
    if (around === this.#latest) return;
    if (this.#waiting === undefined) this.#waiting = this.#latest = around;
    else around.end("unread");
  }
}

interface Interception {
  readonly turn: Turn;
  /** That of the latest call. */
  entrance: Entrance;
}

const interceptions = new WeakMap<object, WeakMap<object, Interception>>();

/** How `intercept` asks for the surroundings of an execution. */
export interface Turns {
  readonly turn: Turn;
  /** Surroundings of its own for an execution that no call waits for. */
  readonly enter: () => Surroundings;
}

/** Has `target` intercepted, unless it is; `intercept` tells whether it could. Returns `target`. */
export function interceptOnce<Target extends object>(
  target: Target,
  entrance: Entrance,
  around: Surroundings,
  intercept: (turns: Turns) => boolean,
): Target {
  let owners = interceptions.get(target);
  if (owners === undefined) interceptions.set(target, (owners = new WeakMap()));
  const known = owners.get(entrance.owner);
  if (known !== undefined) {
    known.entrance = entrance;
    known.turn.offer(around);
    return target;
  }
  const interception: Interception = { turn: new Turn(), entrance };
  interception.turn.offer(around);
  if (intercept({ turn: interception.turn, enter: () => interception.entrance.enter() })) {
    owners.set(entrance.owner, interception);
  } else around.end("ok", target);
  return target;
}

/** False for a frozen object, which keeps its method: only what it has started so far is inside then. */
export function replaceMethod(target: object, name: string | symbol, value: Method): boolean {
  return Reflect.defineProperty(target, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: false,
  });
}
