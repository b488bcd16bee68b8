/** What a layer around a model call knows of it. */
import { type PayiContext } from "./context.ts";
import { type ExtraUsage } from "./providers/provider.ts";
import { type Outcome, type PricingFacts, type Units, type UsageSource } from "./usage.ts";
import { type FunctionCall, type Properties } from "./wire/ingest.ts";

/** What an adapter knows before the call. */
export interface CallScopeOptions {
  /** Pay-i's category, `system.openai`; undefined when the adapter cannot tell. */
  readonly category: string | undefined;
  /** The model as asked for. */
  readonly resource: string | undefined;
  readonly streaming?: boolean | undefined;
  /** The bound on output tokens, for the size of the hold. */
  readonly maxOutputTokens?: number | undefined;
  /**
   * What is asked, for the size of the hold alone: it is measured and not kept. Text, messages in whatever shape, or an
   * object with `messages` and `tools`. Left out: the worst case of the model is held.
   */
  readonly prompt?: unknown;
  /** Attribution of this call alone, merged over the context in force. */
  readonly context?: PayiContext | undefined;
  /** Silence after which a stream counts as abandoned although its instance goes on. Default 10 minutes. */
  readonly idleMs?: number | undefined;
  /** Told once how the call ended, also of a stream that nobody read on; must not throw. */
  readonly onSettle?: ((outcome: Outcome) => void) | undefined;
}

/** What an adapter knows afterwards. Units left out are unknown, never zero. */
export interface CallScopeEnding {
  readonly outcome: Outcome;
  readonly units?: Units | undefined;
  /** Default: `provider` with units, `unknown` without. */
  readonly source?: UsageSource | undefined;
  /** The model that served the call, where the answer names it. */
  readonly model?: string | undefined;
  readonly responseId?: string | undefined;
  readonly facts?: PricingFacts | undefined;
  readonly functionCalls?: readonly FunctionCall[] | undefined;
  /** Usage billed in addition, possibly under another model. */
  readonly extra?: readonly ExtraUsage[] | undefined;
  readonly status?: number | undefined;
  readonly error?: unknown;
  /** Why the model stopped, in the provider's or the framework's words. */
  readonly finishReason?: string | undefined;
  /** Attribution that is known only now. */
  readonly properties?: Properties | undefined;
}
