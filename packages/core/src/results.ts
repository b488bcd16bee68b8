/**
 * Where the application finds what a call cost: on the answer itself, without the answer knowing.
 *
 * The first entry with usage for a response id is the one that counts; whoever hears of the same answer again (a
 * retrieve, a framework's callback) finds it here.
 */
import { AnswerRing } from "./answer-ring.ts";
import { type ContextValues } from "./context.ts";
import { slotOfWatched } from "./instrument/watch-in-place.ts";
import { type ThrottledLog } from "./logger.ts";
import { type IngestEvent } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/** Which call a result belongs to, and whose word it is. */
export interface ResultAbout {
  readonly category: string;
  readonly resource: string | undefined;
  readonly responseId: string;
  /** `local`: priced by the SDK as soon as the answer was read. `platform`: the platform's own, of record. */
  readonly source: "local" | "platform";
}

/** Told of every result; what it throws is logged and otherwise ignored. */
export type ResultHook = (result: XproxyResult, about: ResultAbout) => void;

/** A result that is put into words when somebody looks. */
export interface LaterResult {
  make(): XproxyResult;
}

/** The place of one call's result: empty until it is known, and put into words when somebody looks. */
export class ResultSlot {
  /** True once usage was recorded for the answer: nobody reports it again. */
  recorded = false;
  /** Whom a call was for whose usage is told later. */
  context: ContextValues | undefined;
  /** What was held for such a call. */
  holdId: string | undefined;
  #result: XproxyResult | undefined;
  #later: LaterResult | undefined;
  #told: XproxyResult | undefined;

  get result(): XproxyResult | undefined {
    const [later, told] = [this.#later, this.#told];
    if (later !== undefined) this.#result = later.make();
    if (told !== undefined) this.#result = overlay(this.#result, told);
    this.#later = this.#told = undefined;
    return this.#result;
  }

  /** True once there is a result, without putting it into words. */
  get isTold(): boolean {
    return this.#later !== undefined || this.#told !== undefined || this.#result !== undefined;
  }

  set(result: XproxyResult | undefined): void {
    this.#result = result;
    this.#later = this.#told = undefined;
  }

  /** What the platform tells counts, and what was known before where it tells nothing. */
  refine(told: XproxyResult): void {
    this.#told = this.#told === undefined ? told : overlay(this.#told, told);
  }

  /** Made at the first look. */
  defer(later: LaterResult): void {
    this.#later = later;
  }
}

function overlay(known: XproxyResult | undefined, told: XproxyResult): XproxyResult {
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return { ...known, ...Object.fromEntries(entries) };
}

/** Answers by category and response id: the latest 10,000 of the process. */
export class AnswerIndex {
  #slots: AnswerRing<ResultSlot> | undefined;
  /** Bodies, responses, signals of abort controllers: what an application may hold of a call. */
  readonly #objects = new WeakMap<object, ResultSlot>();

  note(category: string, responseId: string, slot: ResultSlot): void {
    this.#slots ??= new AnswerRing(10_000);
    this.#slots.set(category, responseId, slot);
  }

  find(category: string, responseId: string): ResultSlot | undefined {
    return this.#slots?.get(category, responseId);
  }

  /** The platform has answered: what it says counts, our own price where it tells none. Where the result now stands. */
  update(event: IngestEvent, told: XproxyResult): { readonly result: XproxyResult | undefined } {
    const slot = this.find(event.category, event.providerResponseId ?? "");
    slot?.refine(told);
    return slot ?? { result: told };
  }

  /** `target` leads to the slot for as long as somebody holds it. */
  attach(target: object, slot: ResultSlot): void {
    this.#objects.set(target, slot);
  }

  /** The result that an answer, a stream, a chunk, a Response or a response id leads to. */
  resultOf(answer: unknown): XproxyResult | undefined {
    return (typeof answer === "string" ? this.#byId(answer) : this.#search(answer, 0))?.result;
  }

  /** True where there is a result for a response id. */
  knows(responseId: string): boolean {
    return this.#byId(responseId)?.isTold === true;
  }

  #search(answer: unknown, depth: number): ResultSlot | undefined {
    if (typeof answer !== "object" || answer === null) return undefined;
    const slot = this.#objects.get(answer) ?? slotOfWatched(answer);
    if (slot !== undefined || depth === 3) return slot;
    for (const name of ID_FIELDS) {
      const id: unknown = Reflect.get(answer, name);
      const found = typeof id === "string" ? this.#byId(id) : undefined;
      if (found !== undefined) return found;
    }
    for (const name of INNER_FIELDS) {
      const found = this.#search(Reflect.get(answer, name), depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #byId(id: string): ResultSlot | undefined {
    return this.#slots?.get(undefined, id);
  }
}

/** Calls the application's hook; what it throws, or rejects with, is logged. */
export function tellResult(
  hook: ResultHook | undefined,
  event: IngestEvent,
  source: ResultAbout["source"],
  result: XproxyResult,
  log: ThrottledLog,
): void {
  if (hook === undefined) return;
  const { category, resource, providerResponseId: responseId = "" } = event;
  const failed = (error: unknown): void => log.warn("onResult", `The onResult hook failed: ${String(error)}`);
  try {
    const told: unknown = hook(result, { category, resource, responseId, source });
    // An asynchronous function is a hook too.
    if (told instanceof Promise) told.catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** Where SDKs keep a provider's response id … */
const ID_FIELDS = ["id", "responseId", "requestId", "request_id"] as const;
/** … and what leads to it: streams have a controller or the Response, events the message they belong to. */
const INNER_FIELDS = [
  "response",
  "message",
  "data",
  "controller",
  "signal",
  "sdkHttpResponse",
  "$metadata",
] as const;
