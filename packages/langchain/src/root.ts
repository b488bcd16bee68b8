/** A root run → the instance it belongs to: that of the flow around it where there is one, else one of its own. */
import {
  type Instance,
  type PayiContext,
  type TrackingOptions,
  isSkipped,
  resolveTracking,
  startInstance,
} from "@payi/core";
import { currentInstance, currentValues, isInUseCase, text } from "@payi/core/call";
import { toUseCaseName } from "@payi/core/wire";

import { type LangChainRun, NOTHING_SAID, readMetadata } from "./metadata.ts";
import { type LangChainKpis } from "./retriever-kpi.ts";
import { type Root, runs } from "./runs.ts";

export interface PayiCallbackOptions extends Omit<TrackingOptions<LangChainRun>, "kpis"> {
  /**
   * Default: `success` and `latency_ms`. LangChain's own: `retriever_latency_ms`. `"all"`, `false`, or a choice with names.
   */
  readonly kpis?: LangChainKpis | undefined;
  /** Asks the limits before each model call, so that the run itself is refused. Default true. */
  readonly checkLimits?: boolean | undefined;
}

/** Never throws. The name: metadata, options, the run's own, `langchain`. */
export function openRoot(options: PayiCallbackOptions, run: LangChainRun): Root {
  const threadId = text(run.metadata, "thread_id");
  if (isSkipped(options, run)) {
    return { instance: undefined, own: undefined, context: {}, isSkipped: true, threadId, paused: false };
  }
  const told = readMetadata(run.metadata);
  const context = { ...resolveTracking(options, run), ...told };
  const own = belongsToFlow(told)
    ? undefined
    : (runs.resume(threadId) ?? openInstance(options, context, run));
  const instance = own ?? currentInstance();
  if (own === undefined) instance?.addLayerKpis(options.kpis);
  instance?.countTools();
  return { instance, own, context: ofCall(context), isSkipped: false, threadId, paused: false };
}

/** True inside a use case, unless the run's metadata names another one. */
function belongsToFlow({ useCaseName }: PayiContext): boolean {
  if (!isInUseCase()) return false;
  return useCaseName === undefined || toUseCaseName(useCaseName) === currentValues().useCaseName;
}

function openInstance(
  options: PayiCallbackOptions,
  { useCaseName, ...context }: PayiContext,
  run: LangChainRun,
): Instance {
  return startInstance({ ...context, name: useCaseName ?? run.name ?? "langchain", kpis: options.kpis });
}

/** Whom a model call is for. The step: metadata, `step` as the run tells it, that of the flow, that of the options. */
export function contextOfCall({ context }: Root, told: PayiContext, step: string | undefined): PayiContext {
  const useCaseStep = told.useCaseStep ?? step ?? currentValues().useCaseStep ?? context.useCaseStep;
  // Most runs say nothing of a single call.
  if (told === NOTHING_SAID && useCaseStep === context.useCaseStep) return context;
  return { ...context, ...ofCall(told), useCaseStep };
}

/** What of `context` belongs to a single call: an instance has its name, id, version and properties from its opening. */
function ofCall(context: PayiContext): PayiContext {
  return {
    ...context,
    useCaseName: undefined,
    useCaseId: undefined,
    useCaseVersion: undefined,
    useCaseProperties: undefined,
  };
}
