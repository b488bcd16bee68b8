/**
 * Who and what a call is for: values that follow the code through AsyncLocalStorage.
 *
 * Invariants:
 * - one storage per process, also across copies of this package;
 * - concurrent requests never see each other's values;
 * - `run` only, never `enterWith`: on older Node versions the latter leaks into the next request of a connection.
 */
import { AsyncLocalStorage } from "node:async_hooks";

import { type CallScope } from "./call-scope.ts";
import { type Instance } from "./instance.ts";
import {
  type Complain,
  fitting,
  usableIds,
  usableProperties,
  usableText,
  usableVersion,
} from "./usable-context.ts";
import { type Properties } from "./wire/ingest.ts";
import { type XproxyResult } from "./wire/result.ts";

/**
 * Attribution for everything inside a frame. Left out inherits; `""`, `{}` and `[]` clear; properties merge, the
 * inner value wins and `null` removes; limit ids are united with the outer ones (contract 8.2).
 */
export interface PayiContext {
  /** Another name than the outer one starts a new instance, with an id of its own unless one is given. */
  readonly useCaseName?: string | undefined;
  readonly useCaseId?: string | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly useCaseStep?: string | undefined;
  readonly useCaseProperties?: Properties | undefined;
  readonly requestProperties?: Properties | undefined;
  readonly limitIds?: readonly string[] | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly priceAsCategory?: string | undefined;
  readonly priceAsResource?: string | undefined;
  /** `global`, `datazone[.geo]`, `region[.name]`. */
  readonly resourceScope?: string | undefined;
  /** Whether prompts and answers travel with the events of this frame. Default: the option of that name. */
  readonly logPromptAndResponse?: boolean | undefined;
  /** Whether calls of this frame go through the platform's proxy. Default: `config.proxy`. */
  readonly proxy?: boolean | undefined;
}

/** A merged context: what is undefined was never given or has been cleared. Never changed once made. */
export type ContextValues = PayiContext;

/** What one asynchronous flow carries. */
export interface Scope {
  readonly values: ContextValues;
  readonly instance: Instance | undefined;
  /** The layer around a single model call; the transport inside claims it. */
  readonly call?: CallScope | undefined;
}

/** Holds a result, which may be put into words only when somebody looks. */
interface LastResult {
  readonly result: XproxyResult | undefined;
}

const KEY = Symbol.for("payi.als");
const BASE = Symbol.for("payi.base");
interface Base {
  values: ContextValues;
  last: LastResult | undefined;
  complain?: Complain | undefined;
}

const holder = globalThis as { [KEY]?: AsyncLocalStorage<Scope>; [BASE]?: Base };
const storage: AsyncLocalStorage<Scope> = (holder[KEY] ??= new AsyncLocalStorage<Scope>());
/** What holds outside of every frame: the configured defaults, and the platform's last answer in this process. */
const base: Base = (holder[BASE] ??= { values: {}, last: undefined });

/**
 * Sets what holds outside of every frame. A use case named here has one instance for the whole process. `complain` hears
 * of attribution that cannot be sent.
 */
export function setBaseContext(defaults: PayiContext, complain?: Complain): void {
  base.complain = complain;
  base.values = mergeContext({}, defaults);
}

/** Tells the log of attribution that cannot be sent as it is. */
export function noteUnusable(field: string, complaint: string): void {
  base.complain?.(field, complaint);
}

/** Remembers the platform's most recent answer, whichever flow it belongs to. */
export function noteLastResult(last: LastResult): void {
  base.last = last;
}

/** The scope of the running flow; undefined outside of any. */
export function currentScope(): Scope | undefined {
  return storage.getStore();
}

/** Runs `run` inside `scope` and returns what it returns; the scope ends with it, errors pass through. */
export function runInScope<T>(scope: Scope, run: () => T): T {
  return storage.run(scope, run);
}

/**
 * `run` inside `scope`. A generator that it returns runs where it is read, so that each of its steps is taken inside too: it
 * is the very object, of its own class.
 */
export function runAllInScope<T>(scope: Scope, run: () => T): T {
  const result = runInScope(scope, run);
  try {
    if (isGenerator(result)) place(result, scope);
  } catch {
    // A frozen one, or an object that refuses to be looked at, runs where it is read.
  }
  return result;
}

function place(generator: Generator | AsyncGenerator, scope: Scope): void {
  // Who hands out the same one again has it run where it was made.
  if (placed.has(generator)) return;
  placed.add(generator);
  for (const name of ["next", "return", "throw"] as const) {
    const step = generator[name] as (...given: unknown[]) => unknown;
    const value = (...given: unknown[]): unknown => runInScope(scope, () => step.apply(generator, given));
    Object.defineProperty(generator, name, { value, configurable: true, writable: true });
  }
}

/** Generators that have their scope. */
const placed = new WeakSet<object>();

function isGenerator(value: unknown): value is Generator | AsyncGenerator {
  if (typeof value !== "object" || value === null) return false;
  const kind: unknown = Reflect.get(value, Symbol.toStringTag);
  return kind === "AsyncGenerator" || kind === "Generator";
}

/**
 * Runs `run` with `context` merged over the outer one. Everything awaited inside sees it, and every step of a generator that
 * it returns; nothing outside does.
 *
 * @example
 * await trackContext({ useCaseName: "doc_summary", userId: "jane" }, () => summarize(document));
 */
export function trackContext<T>(context: PayiContext, run: () => T): T {
  const outer = currentScope();
  // Only a new name has to be compared with the instance's, which may not be known before it is needed.
  const parent = context.useCaseName === undefined ? outerValues() : currentValues();
  return runAllInScope({ ...outer, values: mergeContext(parent, context), instance: outer?.instance }, run);
}

/**
 * `work` as before, but each call of it runs with `context` merged in, as if wrapped in {@link trackContext}. A new use
 * case name gives every call an instance of its own. Kind of result, `this` and name are kept.
 */
export function track<This, Arguments extends unknown[], Result>(
  context: PayiContext,
  work: (this: This, ...args: Arguments) => Result,
): (this: This, ...args: Arguments) => Result {
  const tracked = function tracked(this: This, ...args: Arguments): Result {
    return trackContext(context, () => work.apply(this, args));
  };
  Object.defineProperty(tracked, "name", { value: work.name, configurable: true });
  return tracked;
}

/**
 * `work` as before, but each call of it runs in the context in which `bindContext` was called: for callbacks of libraries
 * that lose it.
 */
export function bindContext<Arguments extends unknown[], Result>(
  work: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  const scope = currentScope();
  return scope === undefined ? work : (...args) => runInScope(scope, () => work(...args));
}

/** What a call made right now would be attributed to, and the platform's last answer in this process. */
export function getContext(): PayiContext & { readonly lastResult?: XproxyResult | undefined } {
  const { last } = base;
  return {
    ...currentValues(),
    // Results are put into words when somebody looks; most who ask for the context do not.
    get lastResult() {
      return last?.result;
    },
  };
}

/** The instance that the running flow belongs to; undefined where no adapter and nobody else opened one. */
export function currentInstance(): Instance | undefined {
  return currentScope()?.instance;
}

/** True inside a frame that has a use case of its own, and not merely the configured default. */
export function isInUseCase(): boolean {
  const scope = currentScope();
  return scope?.values.useCaseId !== undefined && scope.values.useCaseId !== base.values.useCaseId;
}

/** Runs `run` outside of every frame: what it does belongs to nobody but the configured defaults. */
export function untracked<T>(run: () => T): T {
  return storage.exit(run);
}

/** The values of the enclosing frame as they were merged, without what its instance learned since. */
export function outerValues(): ContextValues {
  return currentScope()?.values ?? base.values;
}

/** The values in force, with the current state of the instance they belong to. */
export function currentValues(scope: Scope | undefined = currentScope()): ContextValues {
  if (scope === undefined) return base.values;
  return scope.instance === undefined ? scope.values : scope.instance.describe(scope.values);
}

/** Merges a frame over its parent by the rules of contract 8.2. Pure; neither argument is changed. */
export function mergeContext(parent: ContextValues, given: PayiContext): ContextValues {
  const useCaseName = mergeText("useCaseName", parent, given);
  // Id, version, step and properties mean nothing without a name, and the server would refuse them.
  const isNamed = useCaseName !== undefined;
  // Field by field, always all of them: this runs several times for every call.
  return {
    useCaseName,
    useCaseId: isNamed ? mergeUseCaseId(parent, given, useCaseName) : undefined,
    useCaseVersion: isNamed
      ? (usableVersion("useCaseVersion", given.useCaseVersion, noteUnusable) ?? parent.useCaseVersion)
      : undefined,
    useCaseStep: isNamed ? mergeText("useCaseStep", parent, given) : undefined,
    useCaseProperties: isNamed
      ? mergeProperties(parent.useCaseProperties, given.useCaseProperties)
      : undefined,
    requestProperties: mergeProperties(parent.requestProperties, given.requestProperties),
    limitIds: mergeLimitIds(parent.limitIds, given.limitIds),
    userId: mergeText("userId", parent, given),
    accountName: mergeText("accountName", parent, given),
    priceAsCategory: mergeText("priceAsCategory", parent, given),
    priceAsResource: mergeText("priceAsResource", parent, given),
    resourceScope: mergeText("resourceScope", parent, given),
    logPromptAndResponse: given.logPromptAndResponse ?? parent.logPromptAndResponse,
    proxy: given.proxy ?? parent.proxy,
  };
}

/** Another name is another instance, with an id of its own unless one is given. */
function mergeUseCaseId(parent: ContextValues, given: PayiContext, useCaseName: string): string | undefined {
  const ownId = usableText("useCaseId", given.useCaseId, noteUnusable);
  if (ownId) return ownId;
  return useCaseName === parent.useCaseName ? parent.useCaseId : crypto.randomUUID();
}

type TextField = {
  [Name in keyof PayiContext]-?: PayiContext[Name] extends string | undefined ? Name : never;
}[keyof PayiContext];

function mergeText(name: TextField, parent: ContextValues, given: PayiContext): string | undefined {
  const value = given[name];
  const text = value === undefined ? undefined : usableText(name, value, noteUnusable);
  if (text === undefined) return parent[name];
  return text === "" ? undefined : text;
}

function mergeLimitIds(
  parent: readonly string[] | undefined,
  given: readonly string[] | undefined,
): readonly string[] | undefined {
  const ids = given === undefined ? undefined : usableIds("limitIds", given, noteUnusable);
  if (ids === undefined) return parent;
  if (ids.length === 0) return undefined;
  return [...new Set([...(parent ?? []), ...ids])];
}

/** The inner value wins; `null` stays in the bag, since it asks the server to remove the property. */
export function mergeProperties(
  parent: Properties | undefined,
  given: Properties | undefined,
): Properties | undefined {
  if (given === undefined) return parent;
  const usable = usableProperties("properties", given, noteUnusable);
  if (usable === undefined) return parent;
  if (Object.keys(usable).length === 0) return undefined;
  return parent === undefined ? usable : fitting("properties", { ...parent, ...usable }, noteUnusable);
}
