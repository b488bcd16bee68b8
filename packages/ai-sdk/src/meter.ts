/**
 * The life of one model call, for every door of the SDK: context, limits, the call itself, its usage.
 *
 * Invariants:
 * - the application gets the result the provider gave; of a stream the same parts in the same order;
 * - a refusal arrives as `LimitExceededError` itself, which the SDK does not retry;
 * - layers around one call make one record, also where each names a use case of its own: the innermost name counts;
 * - only a call that no transport and no inner layer claimed is reported from here, once, however it ends.
 */
import { LimitExceededError, type Outcome, type PayiContext, isSkipped, joinInstance } from "@payi/core";
import {
  type CallScope,
  type Json,
  count,
  currentCall,
  currentValues,
  isJson,
  openCallScope,
} from "@payi/core/call";

import { billedBy } from "./category.ts";
import { type ModelCall, type TrackModelOptions, resolveContext } from "./options.ts";
import { watchStream } from "./stream.ts";
import { type Asked, endingOfError, endingOfResult } from "./told.ts";

/** A model call that is about to be made. */
export interface Metering {
  readonly call: ModelCall;
  readonly options: TrackModelOptions;
  /** What the SDK calls the model with. */
  readonly parameters: Json;
  /** Attribution of this call alone. */
  readonly own: PayiContext;
  /** Told once how the call ended. */
  readonly onSettle?: ((outcome: Outcome) => void) | undefined;
}

/** Makes the call and gives what it gives; a stream is watched as it is read. */
export function meterCall<Result>(metering: Metering, run: () => PromiseLike<Result>): Promise<Result> {
  const { call, options, own } = metering;
  if (isSkipped(options, call)) return Promise.resolve(run());
  const context = resolveContext(options, call, own);
  const enclosing = currentCall();
  const { instance, isNew } = joinInstance(context, options.kpis, fallbackName());
  if (!isNew || instance === undefined) return attempt(metering, context, run, enclosing);
  const onSettle = (outcome: Outcome): void => {
    instance.end(INSTANCE_OUTCOMES[outcome]);
    metering.onSettle?.(outcome);
  };
  return instance.run(() => attempt({ ...metering, onSettle }, context, run, enclosing));
}

async function attempt<Result>(
  { call, options, parameters, onSettle }: Metering,
  context: PayiContext,
  run: () => PromiseLike<Result>,
  enclosing: CallScope | undefined,
): Promise<Result> {
  const { provider, modelId } = call;
  const { category, resource, gateway } = billedBy(provider, modelId);
  let letGo: (() => void) | undefined;
  const scope = openCallScope(
    {
      category,
      resource,
      streaming: call.operation === "stream",
      maxOutputTokens: count(parameters, "maxOutputTokens"),
      prompt: { messages: parameters["prompt"] ?? parameters["values"], tools: parameters["tools"] },
      context: gateway
        ? { ...context, requestProperties: { gateway: "true", ...context.requestProperties } }
        : context,
      idleMs: options.idleTimeoutMs,
      onSettle(outcome) {
        letGo?.();
        onSettle?.(outcome);
      },
    },
    enclosing,
  );
  const { priceAsCategory = category, priceAsResource = resource } = context;
  const billing = { category: priceAsCategory, resource: priceAsResource };
  const estimate = options.onMissingUsage !== "unknown";
  const asked: Asked = { category, modelId, billing, parameters, estimate };
  let result: Result;
  try {
    if (options.checkLimits !== false) await scope.authorize();
    result = await scope.run(run);
  } catch (error) {
    scope.settle(endingOfError(error, asked));
    throw LimitExceededError.from(error) ?? error;
  }
  const stream = isJson(result) ? result["stream"] : undefined;
  // Also where a transport claimed the call: tools would run inside the scope otherwise, and be attributed like it.
  if (stream instanceof ReadableStream) {
    const watched = watchStream(stream, scope, asked);
    letGo = watched.letGo;
    return { ...result, stream: watched.stream };
  }
  scope.settle({ ...(scope.claimed ? {} : endingOfResult(result, asked)), outcome: "ok" });
  return result;
}

/** The use case of what nobody has named; where the process has one by its configuration, that counts. */
export function fallbackName(): string | undefined {
  return currentValues().useCaseName === undefined ? "ai_sdk" : undefined;
}

const INSTANCE_OUTCOMES = {
  ok: "ok",
  aborted: "aborted",
  abandoned: "aborted",
  timeout: "error",
  error: "error",
  refused: "error",
} as const satisfies Record<Outcome, string>;
