/** The SDK's own door for language models. */
import { type PayiContext } from "@payi/core";
import { type Json } from "@payi/core/call";
import { type LanguageModelMiddleware } from "ai";

import { type Metering, meterCall } from "./meter.ts";
import { type ModelCall, type TrackModelOptions, checkModelOptions, takePayiOptions } from "./options.ts";

/**
 * A middleware for `wrapLanguageModel`: every attempt of the model is metered, attributed and asked of the limits. Put it
 * last in a list, next to the model: what a middleware below it keeps and gives again would count again, and another model
 * that one asks would be taken for the call itself. Other kinds of models: `trackModel`.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * const model = wrapLanguageModel({ model: openai("gpt-5"), middleware: payiMiddleware({ useCaseName: "trail_finder" }) });
 */
export function payiMiddleware(options: TrackModelOptions = {}): LanguageModelMiddleware {
  checkModelOptions("payiMiddleware", options);
  const taken = new WeakMap<object, PayiContext>();
  const meteringOf = (operation: ModelCall["operation"], parameters: object, model: Named): Metering => ({
    call: { operation, provider: model.provider, modelId: model.modelId },
    options,
    parameters: parameters as Json,
    own: taken.get(parameters) ?? {},
  });
  return {
    specificationVersion: "v4",
    async transformParams({ params }) {
      const { parameters, own } = takePayiOptions(params);
      if (parameters !== params) taken.set(parameters, own);
      return parameters;
    },
    wrapGenerate: ({ doGenerate, params, model }) =>
      meterCall(meteringOf("generate", params, model), doGenerate),
    wrapStream: ({ doStream, params, model }) => meterCall(meteringOf("stream", params, model), doStream),
  };
}

interface Named {
  readonly provider: string;
  readonly modelId: string;
}
