/** What the adapter is told, once for a model and again for a call. */
import { ConfigurationError, type PayiContext, type TrackingOptions, resolveTracking } from "@payi/core";
import {
  type Attribution,
  type OptionReaders,
  TRACKING_READERS,
  checkFlag,
  checkMilliseconds,
  checkOptions,
  isJson,
  readContext,
  readName,
  show,
} from "@payi/core/call";

/** One call of a model, as resolvers see it. */
export interface ModelCall {
  /** The AI SDK's name for the API, `openai.responses`. */
  readonly provider: string;
  readonly modelId: string;
  readonly operation: "generate" | "stream" | "embed" | "rerank";
  /** `telemetry.functionId`, where {@link payiTelemetry} sees the call. */
  readonly functionId?: string | undefined;
}

/** Whose prices a model has. */
export interface PricedAs {
  readonly category?: string | undefined;
  readonly resource?: string | undefined;
}

export interface TrackModelOptions extends TrackingOptions<ModelCall> {
  /** Whose prices the calls have: `system.openai`. Default: by host and path, else by the provider's name. */
  readonly category?: string | undefined;
  /** Which resource's prices. Default: the model. */
  readonly resource?: string | undefined;
  /** The same by model: the key is `gpt-x` or, with the SDK's name of the provider, `my-host.chat/gpt-x`. */
  readonly modelMappings?: Readonly<Record<string, PricedAs>> | undefined;
  /** False: limits are asked by the transport alone, and a refusal arrives shaped as a provider's 403. Default true. */
  readonly checkLimits?: boolean | undefined;
  /** Of calls that no transport saw: an answer without usage is estimated (default), or stays unknown. */
  readonly onMissingUsage?: "estimate" | "unknown" | undefined;
  /** Silence after which a stream that no transport saw counts as abandoned although its request goes on. Default 10 minutes. */
  readonly idleTimeoutMs?: number | undefined;
}

const READERS: OptionReaders = {
  ...TRACKING_READERS,
  category: readName,
  resource: readName,
  modelMappings: checkMappings,
  checkLimits: checkFlag,
  onMissingUsage: checkMissingUsage,
  idleTimeoutMs: checkMilliseconds,
};

/** `adapter` is the function that was given them. @throws {ConfigurationError} */
export function checkModelOptions(adapter: string, options: TrackModelOptions): void {
  checkOptions(adapter, options, READERS);
}

function checkMappings(setting: string, value: unknown): void {
  if (value === undefined) return;
  if (!isJson(value)) {
    throw new ConfigurationError(
      setting,
      `${setting} must be an object such as { "gpt-x": { category: "system.openai" } }, got ${show(value)}.`,
    );
  }
  for (const [model, pricedAs] of Object.entries(value)) {
    checkOptions(`${setting}.${model}`, pricedAs, { category: readName, resource: readName });
  }
}

function checkMissingUsage(setting: string, value: unknown): void {
  if (value === undefined || value === "estimate" || value === "unknown") return;
  throw new ConfigurationError(setting, `${setting} must be "estimate" or "unknown", got ${show(value)}.`);
}

/** What {@link payiOptions} takes: JSON, since the SDK may send it on. */
export type PayiCallOptions = Attribution;

type JsonValue = string | number | null | JsonValue[] | { [key: string]: JsonValue };

/**
 * Attribution of one call, for its `providerOptions`. It wins over the model's options and over the context, and is taken
 * out before anything is sent.
 *
 * @example
 * await generateText({ model, prompt, providerOptions: { ...payiOptions({ userId: "jane" }) } });
 */
export function payiOptions(options: PayiCallOptions): { payi: { [key: string]: JsonValue } } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { payi: Object.fromEntries(given) as { [key: string]: JsonValue } };
}

/** `parameters` without `providerOptions.payi`, and what stood there. The very same object where nothing did. */
export function takePayiOptions<Parameters>(parameters: Parameters): {
  readonly parameters: Parameters;
  readonly own: PayiContext;
} {
  const given = isJson(parameters) ? parameters["providerOptions"] : undefined;
  if (!isJson(given) || given["payi"] === undefined) return { parameters, own: {} };
  const { payi, ...providerOptions } = given;
  return { parameters: { ...parameters, providerOptions }, own: readPayiOptions(payi) };
}

/** The call's own options over the model's; what neither says is left to the context in force. */
export function resolveContext(options: TrackModelOptions, call: ModelCall, own: PayiContext): PayiContext {
  const { modelMappings = {} } = options;
  const mapped = modelMappings[`${call.provider}/${call.modelId}`] ?? modelMappings[call.modelId];
  const merged: Record<string, unknown> = {
    ...resolveTracking(options, call),
    priceAsCategory: options.category ?? mapped?.category,
    priceAsResource: options.resource ?? mapped?.resource,
  };
  for (const [name, value] of Object.entries(own)) {
    const before = merged[name];
    merged[name] = isJson(value) && isJson(before) ? { ...before, ...value } : value;
  }
  return merged;
}

/** What {@link payiOptions} made. Whatever has the wrong type is left out. */
export function readPayiOptions(given: unknown): PayiContext {
  return isJson(given) ? readContext((name) => given[name]) : {};
}
