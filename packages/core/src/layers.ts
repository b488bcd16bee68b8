/** For layers around the transport, such as the adapters of frameworks. */
export {
  CONTEXT_READERS,
  EXCHANGE_READERS,
  type OptionReaders,
  REFUSAL_READERS,
  TRACKING_READERS,
  checkFlag,
  checkMilliseconds,
  checkOptions,
  kpiReader,
} from "./adapter-options.ts";
export { currentInstance, currentValues, isInUseCase } from "./context.ts";
export { isErrorFinish } from "./finish-reason.ts";
export { HeardCall, hearCall } from "./heard-call.ts";
export { releasePermit } from "./limits/guard.ts";
export { type LayerFailure, failureOf } from "./layer-failure.ts";
export { noteFault } from "./layer-fault.ts";
export { type Json, child, count, isJson, list, parse, text } from "./providers/read.ts";
export * from "./call-scope.ts";
export { estimatePromptTokens, estimateTokens, weighTokens } from "./providers/estimate.ts";
export { servedTier } from "./providers/openai-usage.ts";
export { type ExtraUsage } from "./providers/provider.ts";
export { type ToldUsage, readToldUsage } from "./providers/told-usage.ts";
export { readFunction, readName, readString, show } from "./option-readers.ts";
export { type Attribution, readContext } from "./read-context.ts";
export { type PricingFacts } from "./usage.ts";
export { type FunctionCall } from "./wire/ingest.ts";
