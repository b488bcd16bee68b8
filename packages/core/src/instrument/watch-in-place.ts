/**
 * Watches a Response without replacing it: the application gets the very object that fetch gave, and reads it as it
 * likes. What fetch does for a body that nobody reads stays as it is, since nothing of ours holds on to it.
 *
 * What an answer is, it shows by what it can do: a fetch of the application's may give another class than the runtime's, of
 * which a method that it lacks stays lacking, and a body that is no web stream is not looked into. The runtime's own class is
 * not even named here: looking at `Response` before anybody fetches would load its whole HTTP client. The ways of reading
 * that move bytes inside the runtime (`tee`, `pipeTo`) are given a stream that passes through us.
 *
 * Nothing of ours in a callback throws or rejects: nobody but the process would hear of it.
 */
import { type ResultSlot } from "../results.ts";
import { Lookout, type Part } from "./lookout.ts";
import { createPassThrough, isWebStream } from "./pass-through.ts";
import { type FindLookout, Kind, attach, extend, lookoutOf, tryToAttach } from "./watched.ts";
import { type Watcher } from "./watcher.ts";

type Bytes = ReadableStream<Uint8Array>;
type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * The same object, watched from now on. Answers with what lives for as long as somebody can read it: the response, its body,
 * a reader or a clone.
 */
export function watchInPlace(response: Response, watcher: Watcher, signal?: AbortSignal): WeakKey {
  const lookout = new Lookout(watcher, signal);
  attach(response, lookout, watchedResponses);
  return lookout;
}

/** Where the result of a watched answer will stand. */
export function slotOfWatched(target: object): ResultSlot | undefined {
  return lookoutOf(target)?.slot;
}

const watchedResponses: Kind<Response> = new Kind((plain: Response, find) =>
  extend(plain, {
    json(this: Response): Promise<unknown> {
      return aside(find(this), plain.json.call(this), (lookout, json) => lookout.whole(json));
    },
    text(this: Response): Promise<string> {
      return aside(find(this), plain.text.call(this), (lookout, text) => lookout.wholeText(text));
    },
    arrayBuffer(this: Response): Promise<ArrayBuffer> {
      return aside(find(this), plain.arrayBuffer.call(this), (lookout, buffer) =>
        seeAll(lookout, new Uint8Array(buffer)),
      );
    },
    bytes(this: Response): Promise<Uint8Array> {
      return aside(find(this), plain.bytes.call(this), seeAll);
    },
    blob(this: Response): Promise<Blob> {
      return aside(find(this), plain.blob.call(this), (lookout, blob) => {
        blob.arrayBuffer().then((buffer) => seeAll(lookout, new Uint8Array(buffer)), lookout.onError);
      });
    },
    clone(this: Response): Response {
      const copy = plain.clone.call(this);
      const lookout = find(this);
      if (lookout !== undefined) tryToAttach(copy, lookout.copy(), watchedResponses);
      return copy;
    },
    get body(): Bytes | null {
      // The getter's own `this` is the response that the application looks at.
      const response = this as unknown as Response;
      const body = Reflect.get(plain, "body", response) as Bytes | null;
      const lookout = isWebStream(body) && lookoutOf(body) === undefined ? find(response) : undefined;
      if (lookout !== undefined) tryToAttach(body as Bytes, lookout, watchedStreams);
      return body;
    },
  }),
);

const watchedStreams = new Kind((plain: Bytes, find) =>
  extend(plain, {
    getReader(this: Bytes, options?: { mode?: "byob" }): Reader {
      const reader = plain.getReader.call(this, options as undefined) as Reader;
      const lookout = find(this);
      lookout?.noteReader();
      if (lookout !== undefined) tryToAttach(reader, lookout, watchedReaders);
      return reader;
    },
    values(this: Bytes, options?: { preventCancel?: boolean }): AsyncIterableIterator<Uint8Array> {
      return iterate(find(this), plain.values.call(this, options), options?.preventCancel === true);
    },
    [Symbol.asyncIterator](
      this: Bytes,
      options?: { preventCancel?: boolean },
    ): AsyncIterableIterator<Uint8Array> {
      const inner = Reflect.apply(plain[Symbol.asyncIterator], this, [options]);
      return iterate(find(this), inner, options?.preventCancel === true);
    },
    cancel(this: Bytes, reason?: unknown): Promise<void> {
      find(this)?.cancel();
      return plain.cancel.call(this, reason);
    },
    // Reading through a pass-through locks the body at once, as the real methods do.
    tee(this: Bytes): [Bytes, Bytes] {
      return passing(plain, this, find)?.tee() ?? plain.tee.call(this);
    },
    pipeTo(this: Bytes, ...given: Parameters<Bytes["pipeTo"]>): Promise<void> {
      return passing(plain, this, find)?.pipeTo(...given) ?? plain.pipeTo.apply(this, given);
    },
    pipeThrough<Out>(this: Bytes, ...given: Parameters<Bytes["pipeThrough"]>): ReadableStream<Out> {
      const through = passing(plain, this, find);
      const piped = through?.pipeThrough(...given) ?? plain.pipeThrough.apply(this, given);
      return piped as ReadableStream<Out>;
    },
  }),
);

function passing(plain: Bytes, body: Bytes, find: FindLookout): Bytes | undefined {
  const lookout = find(body);
  if (lookout === undefined) return undefined;
  const reader = plain.getReader.call(body) as Reader;
  lookout.noteReader();
  return createPassThrough(reader, lookout, lookout.signal);
}

/** Both kinds of readers: what the application's own buffer adds is handed on as it is. */
interface PlainReader {
  read(...given: unknown[]): Promise<Part>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

const watchedReaders = new Kind((plain: PlainReader, find) =>
  extend(plain, {
    read(this: Reader, ...given: unknown[]): Promise<Part> {
      return see(find(this), plain.read.apply(this, given));
    },
    cancel(this: Reader, reason?: unknown): Promise<void> {
      find(this)?.cancel();
      return plain.cancel.call(this, reason);
    },
    releaseLock(this: Reader): void {
      plain.releaseLock.call(this);
      find(this)?.noteLetGo();
    },
  }),
);

/** The application gets the very promise; we look first, since we asked first. */
function see(lookout: Lookout | undefined, reading: Promise<Part>): Promise<Part> {
  if (lookout !== undefined) {
    lookout.wait();
    // A class that is not the runtime's may give anything.
    (reading instanceof Promise ? reading : Promise.resolve(reading)).then(lookout.onPart, lookout.onError);
  }
  return reading;
}

function iterate(
  lookout: Lookout | undefined,
  inner: AsyncIterableIterator<Uint8Array>,
  preventCancel: boolean,
): AsyncIterableIterator<Uint8Array> {
  if (lookout === undefined) return inner;
  lookout.noteReader();
  return {
    next: () => see(lookout, inner.next() as Promise<Part>) as Promise<IteratorResult<Uint8Array>>,
    return: (value?: unknown) => {
      if (preventCancel) lookout.noteLetGo();
      else lookout.cancel();
      return inner.return?.(value) ?? Promise.resolve({ done: true, value });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  } as AsyncIterableIterator<Uint8Array>;
}

function aside<T>(
  lookout: Lookout | undefined,
  reading: Promise<T>,
  look: (lookout: Lookout, read: T) => void,
): Promise<T> {
  if (lookout === undefined) return reading;
  lookout.noteReader();
  lookout.wait();
  Promise.resolve(reading).then((read) => lookQuietly(lookout, read, look), lookout.onError);
  return reading;
}

function lookQuietly<T>(lookout: Lookout, read: T, look: (lookout: Lookout, read: T) => void): void {
  try {
    look(lookout, read);
  } catch (error) {
    lookout.fault(error);
  }
}

function seeAll(lookout: Lookout, bytes: Uint8Array): void {
  lookout.see(bytes);
  lookout.end();
}
