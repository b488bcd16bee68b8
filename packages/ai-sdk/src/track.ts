/**
 * Models of every kind and whole providers, by wrapping the objects themselves: the SDK has middleware for some kinds only.
 * What is returned keeps type, class and specification version of what was given.
 */
import { ConfigurationError } from "@payi/core";
import { type Json, isJson, show } from "@payi/core/call";

import { meterCall } from "./meter.ts";
import { type ModelCall, type TrackModelOptions, checkModelOptions, takePayiOptions } from "./options.ts";

/** Marks what is tracked: tracking it again would add nothing. */
const TRACKED = Symbol.for("payi.ai-sdk.tracked");

const OPERATIONS: Readonly<Record<string, ModelCall["operation"]>> = {
  doGenerate: "generate",
  doStream: "stream",
  doEmbed: "embed",
  doRerank: "rerank",
};

/**
 * `model` with every call metered, attributed and asked of the limits: language, embedding, image, speech, transcription and
 * reranking models of any specification version. Tracking a tracked model gives it back as it is.
 *
 * @throws {ConfigurationError} for what is no model, such as the name of one.
 *
 * @example
 * const model = trackModel(openai("gpt-5"), { useCaseName: "trail_finder" });
 */
export function trackModel<Model extends object>(model: Model, options: TrackModelOptions = {}): Model {
  if (!isModel(model)) {
    throw new ConfigurationError(
      "model",
      `trackModel() takes a model object such as openai("gpt-5"), got ${show(model)}. For names of models use trackDefaultProvider().`,
    );
  }
  checkModelOptions("trackModel", options);
  if (TRACKED in model) return model;
  return proxied(model, (name, method) => {
    const operation = OPERATIONS[name];
    if (operation === undefined) return method;
    return (given: unknown, ...rest: unknown[]) => {
      const { parameters, own } = takePayiOptions(given);
      const call = { operation, provider: model.provider, modelId: model.modelId };
      const metering = { call, options, own, parameters: isJson(parameters) ? parameters : {} };
      return meterCall(metering, async () => method(parameters, ...rest));
    };
  });
}

/**
 * `provider` with every model it makes tracked: `openai("gpt-5")`, `openai.chat("gpt-5")`, `openai.embeddingModel("…")`.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * const openai = trackProvider(createOpenAI(), { useCaseName: "trail_finder" });
 */
export function trackProvider<Provider extends object>(
  provider: Provider,
  options: TrackModelOptions = {},
): Provider {
  const unchecked: unknown = provider;
  if ((typeof unchecked !== "object" && typeof unchecked !== "function") || unchecked === null) {
    throw new ConfigurationError(
      "provider",
      `trackProvider() takes a provider such as createOpenAI(), got ${show(unchecked)}.`,
    );
  }
  checkModelOptions("trackProvider", options);
  if (TRACKED in provider) return provider;
  const track = (made: unknown): unknown => (isModel(made) ? trackModel(made, options) : made);
  return proxied(
    provider,
    (_name, method) =>
      (...given: unknown[]) =>
        track(method(...given)),
    track,
  );
}

/**
 * Tracks models that are named by strings: sets the SDK's default provider. Returns what takes it back.
 *
 * @throws {ConfigurationError} without a provider where none was set before.
 *
 * @example
 * trackDefaultProvider(gateway); // import { gateway } from "ai"
 */
export function trackDefaultProvider(provider?: object, options: TrackModelOptions = {}): () => void {
  const holder = globalThis as { AI_SDK_DEFAULT_PROVIDER?: object | undefined };
  const before = holder.AI_SDK_DEFAULT_PROVIDER;
  const chosen = provider ?? before;
  if (chosen === undefined) {
    throw new ConfigurationError(
      "provider",
      'No default provider is set. Pass one: trackDefaultProvider(gateway), with gateway imported from "ai".',
    );
  }
  holder.AI_SDK_DEFAULT_PROVIDER = trackProvider(chosen, options);
  return () => {
    holder.AI_SDK_DEFAULT_PROVIDER = before;
  };
}

type Method = (...given: unknown[]) => unknown;

/** `target` with its methods replaced; they run on the target itself, which may have private fields. */
function proxied<Target extends object>(
  target: Target,
  replace: (name: string, method: Method) => Method,
  called: (result: unknown) => unknown = (result) => result,
): Target {
  const methods = new Map<string | symbol, { readonly from: unknown; readonly to: Method }>();
  return new Proxy(target, {
    has: (_target, name) => name === TRACKED || Reflect.has(target, name),
    apply: (callable, self, given) => called(Reflect.apply(callable as Method, self, given)),
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      // The class is no method: bound it would be another one.
      if (typeof value !== "function" || typeof name === "symbol" || name === "constructor") return value;
      const known = methods.get(name);
      if (known?.from === value) return known.to;
      const fixed = Reflect.getOwnPropertyDescriptor(target, name);
      if (fixed?.configurable === false && fixed.writable === false) return value;
      const to = replace(name, value.bind(target) as Method);
      methods.set(name, { from: value, to });
      return to;
    },
  });
}

function isModel(value: unknown): value is Json & { readonly provider: string; readonly modelId: string } {
  return (
    isJson(value) &&
    typeof value["provider"] === "string" &&
    typeof value["modelId"] === "string" &&
    Object.keys(OPERATIONS).some((name) => typeof value[name] === "function")
  );
}
