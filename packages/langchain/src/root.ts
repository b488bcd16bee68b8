/** A root run → the instance it belongs to: that of the flow around it where there is one, else one of its own. */
import {
  type Instance,
  type PayiContext,
  type TrackingOptions,
  isSkipped,
  resolveTracking,
  startInstance,
} from "@payi/core";
import { currentInstance, currentValues, isInUseCase } from "@payi/core/call";

import { type LangChainRun, NOTHING_SAID, asText, readMetadata } from "./metadata.ts";
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
  const told = readMetadata(run.metadata);
  const resolved = resolveTracking(options, run);
  const threadId = asText(run.metadata["thread_id"]);
  if (isSkipped(options, run)) {
    return { instance: undefined, around: undefined, context: {}, isSkipped: true, threadId, paused: false };
  }
  if (isInUseCase() && (told.useCaseName === undefined || told.useCaseName === currentValues().useCaseName)) {
    const around = currentInstance();
    const context = { ...ofCall(resolved), ...ofCall(told) };
    around?.addLayerKpis(options.kpis);
    around?.countTools();
    return { instance: undefined, around, context, isSkipped: false, threadId, paused: false };
  }
  const context = { ...resolved, ...told };
  const instance = runs.resume(threadId) ?? openInstance(options, context, run.name);
  instance.countTools();
  return {
    instance,
    around: undefined,
    context: ofCall(context),
    isSkipped: false,
    threadId,
    paused: false,
  };
}

/** Whom a model call is for. The step: metadata, `step` as the run tells it, that of the flow, that of the options. */
export function contextOfCall({ context }: Root, told: PayiContext, step: string | undefined): PayiContext {
  const useCaseStep = told.useCaseStep ?? step ?? currentValues().useCaseStep ?? context.useCaseStep;
  // Most runs say nothing of a single call.
  if (told === NOTHING_SAID && useCaseStep === context.useCaseStep) return context;
  return { ...context, ...ofCall(told), useCaseStep };
}

/** What of `context` belongs to a single call: an instance has its name, id, version and properties from its opening. */
export function ofCall(context: PayiContext): PayiContext {
  return {
    ...context,
    useCaseName: undefined,
    useCaseId: undefined,
    useCaseVersion: undefined,
    useCaseProperties: undefined,
  };
}

function openInstance(
  options: PayiCallbackOptions,
  context: PayiContext,
  runName: string | undefined,
): Instance {
  const { useCaseName, ...rest } = context;
  return startInstance({ ...rest, name: useCaseName ?? runName ?? "langchain", kpis: options.kpis });
}
