/** A root run → the instance it belongs to: that of the flow around it where there is one, else one of its own. */
import { type Instance, type PayiContext, isSkipped, resolveTracking, startInstance } from "@payi/core";
import { currentInstance, currentValues, isInUseCase, text } from "@payi/core/call";
import { toUseCaseName } from "@payi/core/wire";

import { type LangChainRun, NOTHING_SAID, readMetadata } from "./metadata.ts";
import { type PayiCallbackOptions } from "./options.ts";
import { type Thread } from "./paused.ts";
import { type Root, runs } from "./runs.ts";

/** A run as it begins: `goesOn` where it is given what an older one waits for. */
export interface RootRun extends LangChainRun {
  readonly goesOn: boolean;
}

/** Never throws. The name: metadata, options, the run's own, `langchain`. */
export function openRoot(options: PayiCallbackOptions, run: RootRun): Root {
  if (isSkipped(options, run)) {
    return {
      instance: undefined,
      own: undefined,
      context: {},
      isSkipped: true,
      thread: undefined,
      paused: undefined,
    };
  }
  const told = readMetadata(run.metadata);
  const context = { ...resolveTracking(options, run), ...told };
  const opened = belongsToFlow(told) ? undefined : openInstance(options, context, run);
  const thread = opened === undefined ? undefined : readThread(opened, context, run);
  const older = thread !== undefined && run.goesOn ? runs.paused.take(thread, undefined) : undefined;
  const own = older ?? opened;
  const instance = own ?? currentInstance();
  if (own === undefined) instance?.addLayerKpis(options.kpis);
  instance?.countTools();
  return { instance, own, context: ofCall(context), isSkipped: false, thread, paused: undefined };
}

/** LangGraph goes on at a checkpoint: nothing has happened in the instance that was opened, and the older one takes its place. */
export function resumeRoot(root: Root, checkpointId: string): void {
  const older = root.thread === undefined ? undefined : runs.paused.take(root.thread, checkpointId);
  if (older !== undefined) root.own = root.instance = older;
}

/** The end of a root run is the end of its instance, unless a graph only pauses. */
export function endRoot({ own, paused, thread }: Root, outcome: "ok" | "error" | "aborted"): void {
  if (own === undefined) return;
  if (paused === undefined || thread === undefined || outcome !== "ok") own.end(outcome);
  else runs.paused.add({ ...paused, instance: own, thread });
}

function readThread(
  instance: Instance,
  context: PayiContext,
  { name, metadata }: RootRun,
): Thread | undefined {
  const id = text(metadata, "thread_id");
  if (id === undefined) return undefined;
  const { accountName, userId } = { ...currentValues(), ...context };
  return { id, runName: name, useCaseName: instance.name, accountName, userId };
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
