/**
 * Objects of fetch's that are looked at while the application uses them. Their methods are looked up in a prototype of ours,
 * laid between the object and its own: made once for all of a kind, so that a call pays for nothing but what it uses.
 */
import { type Lookout } from "./lookout.ts";

/** Has a constructor answer with an object that exists already. */
const Itself = function itself(target: object): object {
  return target;
} as unknown as new (target: object) => object;

/**
 * A private field on objects that are not ours. Nobody can see it, and it costs the collector nothing, unlike a WeakMap
 * with an entry for every call.
 */
class Watched extends Itself {
  #lookout: Lookout;

  private constructor(target: object, lookout: Lookout) {
    super(target);
    this.#lookout = lookout;
  }

  static mark(target: object, lookout: Lookout): object {
    if (!(#lookout in target)) return new Watched(target, lookout);
    target.#lookout = lookout;
    return target;
  }

  static lookoutOf(target: object): Lookout | undefined {
    return #lookout in target ? target.#lookout : undefined;
  }
}

/** Undefined for an object that is not watched itself, though it may have our methods: they do what the plain ones do. */
export type FindLookout = (target: object) => Lookout | undefined;

export const lookoutOf: FindLookout = (target) => Watched.lookoutOf(target);

/** True for what answers as another object does: marking it leaves that one, on which its methods run, unmarked. */
const isProxy: (value: object) => boolean =
  globalThis.process?.getBuiltinModule?.("node:util").types.isProxy ?? (() => false);

/** `target` is watched from now on by the methods of its `kind`. */
export function attach<Target extends object>(target: Target, lookout: Lookout, kind: Kind<Target>): void {
  Watched.mark(target, lookout);
  if (isProxy(target)) kind.layAlone(target, lookout);
  else kind.layBetween(target);
}

/** As {@link attach}; an object that cannot be changed is left alone. Never throws. */
export function tryToAttach<Target extends object>(
  target: Target,
  lookout: Lookout,
  kind: Kind<Target>,
): void {
  try {
    attach(target, lookout, kind);
  } catch (error) {
    lookout.fault(error);
  }
}

/** Our prototypes for the objects of one kind, by the prototype that such an object has of its own: nearly always the same. */
export class Kind<Plain extends object> {
  readonly #watch: (plain: Plain, find: FindLookout) => object;
  readonly #made = new WeakMap<object, object>();
  readonly #ours = new WeakSet();
  #plain: object | undefined;
  #watched: object | undefined;

  /** `watch` lays methods that watch over the `plain` ones. */
  constructor(watch: (plain: Plain, find: FindLookout) => object) {
    this.#watch = watch;
  }

  layBetween(target: Plain): void {
    const plain = Object.getPrototypeOf(target) as Plain;
    if (plain !== this.#plain) {
      if (this.#ours.has(plain)) return;
      this.#watched = this.#made.get(plain) ?? this.#make(plain);
      this.#plain = plain;
    }
    Object.setPrototypeOf(target, this.#watched as object);
  }

  /** For one object whose methods run on another one, of which nothing is known. */
  layAlone(target: Plain, lookout: Lookout): void {
    const plain = Object.getPrototypeOf(target) as Plain;
    if (this.#ours.has(plain)) return;
    const watched = this.#watch(plain, (used) => lookoutOf(used) ?? lookout);
    this.#ours.add(watched);
    Object.setPrototypeOf(target, watched);
  }

  #make(plain: Plain): object {
    const watched = this.#watch(plain, lookoutOf);
    this.#made.set(plain, watched);
    this.#ours.add(watched);
    return watched;
  }
}

/** An object that has before those of `prototype` the `methods` which that has as well, shown by enumeration as those are. */
export function extend(prototype: object, methods: object): object {
  const extended = Object.create(prototype) as object;
  for (const name of Reflect.ownKeys(methods)) {
    const plain = findProperty(prototype, name);
    if (plain === undefined) continue;
    const ours = Object.getOwnPropertyDescriptor(methods, name);
    Object.defineProperty(extended, name, { ...ours, enumerable: plain.enumerable === true });
  }
  return extended;
}

function findProperty(prototype: object, name: PropertyKey): PropertyDescriptor | undefined {
  for (let holder: object | null = prototype; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
