export { type ClientOptions, PayiClient } from "./client/client.ts";
export { createClient } from "./client/create-client.ts";
export { ensureKpis } from "./client/ensure-kpis.ts";
export { type PayiInstrumentConfig, type PayiInstrumentOptions } from "./config.ts";
export { type Redact, type RedactableEvent } from "./redaction.ts";
export { type ResultAbout, type ResultHook } from "./results.ts";
export {
  type PayiContext,
  bindContext,
  currentInstance,
  getContext,
  track,
  trackContext,
  untracked,
} from "./context.ts";
export {
  type KpiSetup,
  type LimitConfigSetup,
  type LimitSetup,
  type ResourceSetup,
  type SetupConfig,
  type UseCaseSetup,
  type ValueSetup,
  defineConfig,
} from "./define-config.ts";
export {
  ApiError,
  ConfigurationError,
  LimitExceededError,
  type LimitProblem,
  type LimitRefusal,
  type RefusalReason,
  NetworkError,
  PayiError,
  TimeoutError,
} from "./errors.ts";
export {
  type Exchange,
  type ExchangeOptions,
  type ExchangeResponse,
  joinExchange,
  openExchange,
} from "./exchange.ts";
export {
  type IngestRetryOptions,
  type OfflineInstrumentation,
  type SpoolConfig,
  type SpoolMode,
} from "./ingest/delivery-options.ts";
export { type FlushResult } from "./ingest/delivery.ts";
export { type Instance, type InstanceOptions, type InstanceOutcome, startInstance } from "./instance.ts";
export { type InstanceHandle, createInstanceHandle, runTracked } from "./instance-handle.ts";
export { LateAbort } from "./late-abort.ts";
export { type ProviderClass, type ProviderModules, wrapClient } from "./instrument/adopt.ts";
export { wrapBedrock } from "./instrument/bedrock.ts";
export { wrapFetch } from "./instrument/fetch.ts";
export { type Instrumentation, close, flush, payiInstrument, uninstrument } from "./instrument/instrument.ts";
export { PayiCategories } from "./instruments.ts";
export { type AutoKpiName, type AutoKpiOptions } from "./kpis.ts";
export { checkLimits } from "./limits/check-limits.ts";
export { type LimitStats } from "./limits/guard.ts";
export { type LimitOptions } from "./limits/limit-options.ts";
export { type OnLimitCheckError } from "./limits/limit-guard.ts";
export { type Logger } from "./logger.ts";
export { type HostMapping, type ModelMapping } from "./mappings.ts";
export {
  createHeaders,
  payiAnthropicUrl,
  payiAwsBedrockUrl,
  payiAzureAnthropicUrl,
  payiAzureOpenaiUrl,
  payiOpenaiUrl,
} from "./proxy-urls.ts";
export {
  type BlockStatus,
  type RefusalAnswer,
  type RefusalOptions,
  answerRefusal,
  refusalEvent,
} from "./refusal-answer.ts";
export { type DropReason, type Stats } from "./stats.ts";
export {
  type JoinedInstance,
  type Resolver,
  type ResolverMode,
  type TrackingOptions,
  isSkipped,
  joinInstance,
  resolveTracking,
  resolveTrackingLater,
  startTrackedInstance,
  whenTold,
} from "./tracking.ts";
export { type Outcome, type UnitCount, type Units, type UsageSource } from "./usage.ts";
export { type Properties } from "./wire/ingest.ts";
export { type CostResult, type XproxyResult } from "./wire/result.ts";
export { xproxyResult } from "./xproxy-result.ts";
