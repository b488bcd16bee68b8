/**
 * Watches a Response without replacing it: the application gets the very object that fetch gave, and reads it as it
 * likes. What fetch does for a body that nobody reads stays as it is, since nothing of ours holds on to it.
 *
 * The object's methods are looked up in a prototype of ours, laid between it and its own: made once, so that a call pays
 * for nothing but what it uses, and from the object at hand: looking at `Response` before anybody fetches would load the
 * runtime's whole HTTP client. The ways of reading that move bytes inside the runtime (`tee`, `pipeTo`) are given a stream
 * that passes through us.
 */
import { type ResultSlot } from "../results.ts";
import { Lookout, type Part } from "./lookout.ts";
import { createPassThrough } from "./pass-through.ts";
import { type Watcher } from "./watcher.ts";

type Bytes = ReadableStream<Uint8Array>;
type Reader = ReadableStreamDefaultReader<Uint8Array>;

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

/**
 * The same object, watched from now on. Answers with what lives for as long as somebody can read it: the response, its body,
 * a reader or a clone.
 */
export function watchInPlace(response: Response, watcher: Watcher, signal?: AbortSignal): WeakKey {
  const lookout = new Lookout(watcher, signal);
  attach(response, lookout, watchedResponses);
  return lookout;
}

function attach<Target extends object>(target: Target, lookout: Lookout, kind: Kind<Target>): void {
  Watched.mark(target, lookout);
  kind.layBetween(target);
}

/** Our prototypes for the objects of one kind, by the prototype that such an object has of its own: nearly always the same. */
class Kind<Plain extends object> {
  readonly #watch: (plain: Plain) => object;
  readonly #made = new WeakMap<object, object>();
  readonly #ours = new WeakSet();
  #plain: object | undefined;
  #watched: object | undefined;

  /** `watch` lays methods that watch over the `plain` ones. */
  constructor(watch: (plain: Plain) => object) {
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

  #make(plain: Plain): object {
    const watched = this.#watch(plain);
    this.#made.set(plain, watched);
    this.#ours.add(watched);
    return watched;
  }
}

/** Where the result of a watched answer will stand. */
export function slotOfWatched(target: object): ResultSlot | undefined {
  return Watched.lookoutOf(target)?.watcher.slot;
}

function lookoutOf(target: object): Lookout {
  return Watched.lookoutOf(target) as Lookout;
}

function watcherOf(target: object): Watcher {
  return lookoutOf(target).watcher;
}

const watchedResponses: Kind<Response> = new Kind((plain: Response) => {
  const watched = extend(plain, {
    json(this: Response): Promise<unknown> {
      return aside(this, plain.json.call(this), (watcher, json) => watcher.whole(json));
    },
    text(this: Response): Promise<string> {
      return aside(this, plain.text.call(this), (watcher, text) => watcher.wholeText(text));
    },
    arrayBuffer(this: Response): Promise<ArrayBuffer> {
      return aside(this, plain.arrayBuffer.call(this), (watcher, buffer) =>
        seeAll(watcher, new Uint8Array(buffer)),
      );
    },
    bytes(this: Response): Promise<Uint8Array> {
      return aside(this, plain.bytes.call(this), seeAll);
    },
    blob(this: Response): Promise<Blob> {
      return aside(this, plain.blob.call(this), (watcher, blob) => {
        void blob.arrayBuffer().then((buffer) => seeAll(watcher, new Uint8Array(buffer)));
      });
    },
    clone(this: Response): Response {
      const copy = plain.clone.call(this);
      attach(copy, lookoutOf(this), watchedResponses);
      return copy;
    },
  });
  Object.defineProperty(watched, "body", {
    configurable: true,
    enumerable: true,
    get(this: Response): Bytes | null {
      const body = Reflect.get(plain, "body", this) as Bytes | null;
      if (body !== null && Watched.lookoutOf(body) === undefined)
        attach(body, lookoutOf(this), watchedStreams);
      return body;
    },
  });
  return watched;
});

const watchedStreams = new Kind((plain: Bytes) =>
  extend(plain, {
    getReader(this: Bytes, options?: { mode?: "byob" }): Reader {
      const reader = plain.getReader.call(this, options as undefined) as Reader;
      const lookout = lookoutOf(this);
      lookout.noteReader();
      attach(reader, lookout, watchedReaders);
      return reader;
    },
    values(this: Bytes, options?: { preventCancel?: boolean }): AsyncIterableIterator<Uint8Array> {
      return iterate(lookoutOf(this), plain.values.call(this, options), options?.preventCancel === true);
    },
    [Symbol.asyncIterator](
      this: Bytes,
      options?: { preventCancel?: boolean },
    ): AsyncIterableIterator<Uint8Array> {
      return this.values(options);
    },
    cancel(this: Bytes, reason?: unknown): Promise<void> {
      watcherOf(this).cancel();
      return plain.cancel.call(this, reason);
    },
    // Reading through a pass-through locks the body at once, as the real methods do.
    tee(this: Bytes): [Bytes, Bytes] {
      return passing(plain, this).tee();
    },
    pipeTo(this: Bytes, ...given: Parameters<Bytes["pipeTo"]>): Promise<void> {
      return passing(plain, this).pipeTo(...given);
    },
    pipeThrough<Out>(this: Bytes, ...given: Parameters<Bytes["pipeThrough"]>): ReadableStream<Out> {
      return passing(plain, this).pipeThrough(...given) as ReadableStream<Out>;
    },
  }),
);

function passing(plain: Bytes, body: Bytes): Bytes {
  const { watcher, signal } = lookoutOf(body);
  return createPassThrough(plain.getReader.call(body) as Reader, watcher, signal);
}

/** Both kinds of readers: what the application's own buffer adds is handed on as it is. */
interface PlainReader {
  read(...given: unknown[]): Promise<Part>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

const watchedReaders = new Kind((plain: PlainReader) =>
  extend(plain, {
    read(this: Reader, ...given: unknown[]): Promise<Part> {
      return see(lookoutOf(this), plain.read.apply(this, given));
    },
    cancel(this: Reader, reason?: unknown): Promise<void> {
      const lookout = lookoutOf(this);
      lookout.over = true;
      lookout.watcher.cancel();
      return plain.cancel.call(this, reason);
    },
    releaseLock(this: Reader): void {
      plain.releaseLock.call(this);
      lookoutOf(this).noteLetGo();
    },
  }),
);

/** The application gets the very promise; we look first, since we asked first. */
function see(lookout: Lookout, reading: Promise<Part>): Promise<Part> {
  reading.then(lookout.onPart, lookout.onError);
  return reading;
}

function iterate(
  lookout: Lookout,
  inner: AsyncIterator<Uint8Array, unknown>,
  preventCancel: boolean,
): AsyncIterableIterator<Uint8Array> {
  return {
    next: () => see(lookout, inner.next() as Promise<Part>) as Promise<IteratorResult<Uint8Array>>,
    return: (value?: unknown) => {
      if (!preventCancel) lookout.watcher.cancel();
      return inner.return?.(value) ?? Promise.resolve({ done: true, value });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  } as AsyncIterableIterator<Uint8Array>;
}

function aside<T>(
  response: Response,
  reading: Promise<T>,
  look: (watcher: Watcher, read: T) => void,
): Promise<T> {
  const lookout = lookoutOf(response);
  reading.then(
    (read) => look(lookout.watcher, read),
    (error: unknown) => lookout.fail(error),
  );
  return reading;
}

function seeAll(watcher: Watcher, bytes: Uint8Array): void {
  watcher.see(bytes);
  watcher.end();
}

/** An object that has `methods` before those of `prototype`, unseen by enumeration as the real ones are. */
function extend(prototype: object, methods: object): object {
  const extended = Object.create(prototype) as object;
  for (const name of Reflect.ownKeys(methods)) {
    const value: unknown = Reflect.get(methods, name);
    Object.defineProperty(extended, name, { value, configurable: true, writable: true, enumerable: false });
  }
  return extended;
}
