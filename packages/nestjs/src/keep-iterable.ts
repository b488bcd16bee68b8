/**
 * Generators, and streams that are read by iterating: each step runs inside, and the last one ends the execution.
 *
 * Invariant: a stream that nobody reads ends what it belongs to when the collector takes it, as core settles its call.
 */
import { type Method, type Turn, interceptOnce, replaceMethod } from "./intercepted.ts";
import { type Ending, type Entrance, type Surroundings, endingOf } from "./surroundings.ts";

/** An object with an iterator to give, such as the streams of provider SDKs. */
type Stream = object & { readonly [Symbol.asyncIterator]: Method };

export function isAsyncIterable(value: object): value is Stream {
  return Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === "function";
}

/**
 * Whether it has only begun: a page of a list, say, has an iterator as well, but is there at once. The web's own streams are
 * read in more ways than can be seen, and are over for us when they are returned.
 */
export function readsLikeStream(value: object): value is Stream {
  if (!isAsyncIterable(value) || "getReader" in value) return false;
  if (["tee", "once", "controller"].some((name) => name in value)) return true;
  const own = Object.values(Object.getOwnPropertyDescriptors(value));
  return own.every(({ enumerable, value: item }) => enumerable !== true || typeof item === "function");
}

/** Nothing here may lead to the stream: whatever a registry holds for an object would keep it for ever. */
const unread = new FinalizationRegistry<Turn>((turn) => turn.take()?.end("unread"));

/** The very object; each iteration is an execution, the first one that of the call itself. */
export function keepIterable(iterable: Stream, entrance: Entrance, first: Surroundings): object {
  if (hasEvents(iterable) && isOver(iterable)) {
    first.end(endOf(iterable), iterable);
    return iterable;
  }
  return interceptOnce(iterable, entrance, first, ({ turn, enter }) => {
    const next = (): Surroundings => turn.take() ?? enter();
    const intercepted = hasEvents(iterable)
      ? keepEvents(iterable, turn)
      : keepIteration(iterable, entrance, next);
    if (!intercepted) return false;
    keepHalves(iterable, entrance, next);
    unread.register(iterable, turn);
    return true;
  });
}

function keepIteration(iterable: Stream, { owner }: Entrance, enter: () => Surroundings): boolean {
  const iterate = iterable[Symbol.asyncIterator];
  return replaceMethod(iterable, Symbol.asyncIterator, function (...args) {
    const around = enter();
    try {
      const iterator = around.run(() => iterate.apply(this, args));
      if (typeof iterator !== "object" || iterator === null) return iterator;
      // Without a `return` an iteration that is left early would tell nobody.
      if (!("return" in iterator)) replaceMethod(iterator, "return", leaveIteration);
      return keepSteps(iterator, { owner, enter: () => around }, around);
    } catch (error) {
      return fail(error, around);
    }
  });
}

/**
 * The halves of a provider's stream read past its iterator: the first of them that comes to the end has seen it all. A web
 * stream is held by its halves, which may be read by other means, and ends when it is collected.
 */
function keepHalves(stream: object, entrance: Entrance, enter: () => Surroundings): void {
  const tee: unknown = Reflect.get(stream, "tee");
  if (typeof tee !== "function" || "getReader" in stream) return;
  replaceMethod(stream, "tee", function (...args) {
    const around = enter();
    const halves = around.run(() => (tee as Method).apply(this, args));
    if (!Array.isArray(halves)) return halves;
    for (const half of halves as readonly object[]) {
      if (isAsyncIterable(half)) keepIteration(half, entrance, () => around);
    }
    return halves;
  });
}

async function leaveIteration(value: unknown): Promise<IteratorResult<unknown>> {
  return { done: true, value };
}

/** Each step of a generator from now on runs inside. */
export function keepSteps(generator: object, entrance: Entrance, around: Surroundings): object {
  return interceptOnce(generator, entrance, around, () => {
    let last: unknown;
    const note = (step: unknown): unknown => {
      if (typeof step !== "object" || step === null) return step;
      if ("done" in step && step.done === true) around.end("ok", last);
      else if ("value" in step) last = step.value;
      return step;
    };
    const names = ["next", "return", "throw"].filter(
      (name) => typeof Reflect.get(generator, name) === "function",
    );
    const replaced = names.map((name) => {
      const step = Reflect.get(generator, name) as Method;
      return replaceMethod(generator, name, function (...args) {
        try {
          const told = around.run(() => step.apply(this, args));
          return told instanceof Promise ? told.then(note, (error) => fail(error, around)) : note(told);
        } catch (error) {
          return fail(error, around);
        }
      });
    });
    return replaced.every(Boolean);
  });
}

function fail(error: unknown, around: Surroundings): never {
  around.end(endingOf(error));
  throw error;
}

/** Node's streams, and those of SDKs that read by themselves and call listeners: they tell when they are through. */
interface Emitter {
  once(event: string, listener: () => void): unknown;
  readonly aborted?: unknown;
  readonly readableAborted?: unknown;
  readonly errored?: unknown;
  readonly ended?: unknown;
  readonly closed?: unknown;
  readonly readableEnded?: unknown;
}

function hasEvents(value: object): value is Emitter {
  return "once" in value && typeof value.once === "function";
}

/** Neither listener changes what the stream does: it begins to flow for others, and an error stays unhandled. */
function keepEvents(stream: Emitter, turn: Turn): boolean {
  // Whoever reads it, and however often, there is one end.
  const finish = (): void => turn.take()?.end(endOf(stream), stream);
  for (const event of ["end", "close"]) stream.once(event, finish);
  return true;
}

function isOver({ ended, closed, readableEnded }: Emitter): boolean {
  return ended === true || closed === true || readableEnded === true;
}

function endOf({ aborted, readableAborted, errored }: Emitter): Ending {
  if (aborted === true) return "aborted";
  if (errored instanceof Error) return endingOf(errored);
  if (errored === true) return "error";
  return readableAborted === true ? "aborted" : "ok";
}
