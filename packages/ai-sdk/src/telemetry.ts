/**
 * The SDK's telemetry door: whole operations with their steps and tools, for `registerTelemetry` (`ai` 7) and
 * `registerTelemetryIntegration` (`ai` 6).
 *
 * Invariants:
 * - callbacks of the SDK swallow errors, so limits are asked only where the SDK lets us enclose the model call (`ai` 7);
 * - an operation's own usage is the sum of its steps and is never reported;
 * - registered twice it counts as registered once.
 */
import {
  ConfigurationError,
  type Instance,
  type InstanceOutcome,
  type Outcome,
  type PayiContext,
  joinInstance,
} from "@payi/core";
import { type Json, child, failureOf, isJson, text } from "@payi/core/call";

import { fallbackName, meterCall } from "./meter.ts";
import {
  type ModelCall,
  type TrackModelOptions,
  checkModelOptions,
  readPayiOptions,
  resolveContext,
} from "./options.ts";

/** What both SDKs take; a callback that an SDK does not know is never called. */
export interface PayiTelemetry {
  onStart(event: object): void;
  onToolExecutionEnd(event: object): void;
  onEnd(event: object): void;
  onAbort(event: object): void;
  onError(event: unknown): void;
  executeLanguageModelCall<T>(options: ModelCallEvent<T>): Promise<T>;
  executeTool<T>(options: ModelCallEvent<T>): Promise<T>;
  /** `ai` 6. */
  onToolCallFinish(event: object): void;
}

interface ModelCallEvent<T> {
  readonly callId: string;
  readonly execute: () => PromiseLike<T>;
}

/** One `generateText`, `streamText` and so on. */
interface Operation {
  readonly callId: string;
  /** The telemetry that opened it; another one leaves it alone. */
  readonly owner: object;
  readonly instance: Instance | undefined;
  readonly isNew: boolean;
  /** Attribution of this operation alone. */
  readonly own: PayiContext;
  readonly streams: boolean;
}

const MAX_OPERATIONS = 10_000;
const KEY = Symbol.for("payi.ai-sdk.operations");
const holder = globalThis as { [KEY]?: Map<string, Operation> };
const operations = (holder[KEY] ??= new Map<string, Operation>());

/**
 * Telemetry that attributes operations: the use case is the option's, else the context's, else `telemetry.functionId`.
 *
 * @throws {ConfigurationError} with `ai` 5, which has no such door.
 *
 * @example
 * registerTelemetry(payiTelemetry());
 */
export function payiTelemetry(options: TrackModelOptions = {}): PayiTelemetry {
  refuseOldSdk();
  checkModelOptions("payiTelemetry", options);
  const mine = (event: unknown): Operation | undefined => {
    const operation = isJson(event) ? operations.get(text(event, "callId") ?? "") : undefined;
    return operation?.owner === telemetry ? operation : undefined;
  };
  const telemetry: PayiTelemetry = {
    onStart(event) {
      const about = event as Json;
      const callId = text(about, "callId");
      // `ai` 6 names no operation: what encloses it is the context alone.
      if (callId === undefined || operations.has(callId)) return;
      const own = readPayiOptions(child(about, "runtimeContext")["payi"]);
      const context = resolveContext(options, callOf(about, "generate"), own);
      const joined = joinInstance(context, options.kpis, text(about, "functionId") ?? fallbackName());
      if (!joined.isNew) joined.instance?.addLayerKpis(options.kpis);
      const streams = text(about, "operationId")?.includes("stream") ?? false;
      operations.set(callId, { callId, owner: telemetry, own, streams, ...joined });
      // The oldest is not going to end, whoever opened it.
      if (operations.size > MAX_OPERATIONS) end(operations.values().next().value, "aborted");
    },
    onToolExecutionEnd(event) {
      noteTool(mine(event)?.instance, event as Json);
    },
    onEnd: (event) => end(mine(event), "ok"),
    onAbort: (event) => end(mine(event), "aborted"),
    onError(event) {
      const { outcome } = failureOf(isJson(event) ? event["error"] : undefined);
      end(mine(event), outcome === "aborted" ? "aborted" : "error");
    },
    async executeLanguageModelCall<T>(event: ModelCallEvent<T>): Promise<T> {
      const operation = mine(event);
      if (operation === undefined) return event.execute();
      const about: Json = { ...event };
      const metering = {
        call: callOf(about, operation.streams ? "stream" : "generate"),
        options,
        parameters: { ...about, prompt: [about["instructions"], about["messages"]] },
        own: operation.own,
        onSettle(outcome: Outcome) {
          if (outcome === "abandoned") end(operation, "aborted");
        },
      };
      return inside(operation, () => meterCall(metering, event.execute));
    },
    async executeTool(event) {
      const operation = mine(event);
      return operation === undefined ? event.execute() : inside(operation, event.execute);
    },
    onToolCallFinish(event) {
      const { instance } = joinInstance({});
      instance?.addLayerKpis(options.kpis);
      noteTool(instance, event as Json);
    },
  };
  return telemetry;
}

function end(operation: Operation | undefined, outcome: InstanceOutcome): void {
  if (operation === undefined) return;
  operations.delete(operation.callId);
  if (operation.isNew) operation.instance?.end(outcome);
}

/** Inside the operation's instance, where that is not in force already. */
function inside<T>({ instance, isNew }: Operation, work: () => PromiseLike<T>): PromiseLike<T> {
  return isNew && instance !== undefined ? instance.run(work) : work();
}

function callOf(event: Json, operation: ModelCall["operation"]): ModelCall {
  return {
    provider: text(event, "provider") ?? "",
    modelId: text(event, "modelId") ?? "",
    operation,
    functionId: text(event, "functionId"),
  };
}

function noteTool(instance: Instance | undefined, event: Json): void {
  // The first is how `ai` 6 says it.
  const failed = event["success"] === false || child(event, "toolOutput")["type"] === "tool-error";
  instance?.noteTool(text(child(event, "toolCall"), "toolCallId") ?? crypto.randomUUID(), failed);
}

/** @throws {ConfigurationError} */
function refuseOldSdk(): void {
  const version = installedSdk();
  if (version === undefined || !version.startsWith("5.")) return;
  throw new ConfigurationError(
    "payiTelemetry",
    `payiTelemetry() needs ai 6 or 7, and ai ${version} is installed: it has an OpenTelemetry tracer only. Use payiMiddleware() or trackModel().`,
  );
}

/** The version of `ai` beside this package; undefined in bundles and runtimes that cannot tell. */
function installedSdk(): string | undefined {
  try {
    const { createRequire } = process.getBuiltinModule("node:module");
    const manifest: unknown = createRequire(import.meta.url)("ai/package.json");
    return isJson(manifest) ? text(manifest, "version") : undefined;
  } catch {
    return undefined;
  }
}
