/**
 * LangChain's callbacks: each root run a use-case instance, each model call metered once.
 *
 * Invariants:
 * - awaited: handlers in the background run in the context of whichever request started the queue;
 * - a refusal of a limit escapes, nothing else does: a fault of ours must not fail the run;
 * - whoever hears of a run first has it; a second handler in the same run changes nothing;
 * - graph interrupts and jumps are no failures; an answer from LangChain's cache costs nothing.
 */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type Json, count, failureOf, hearCall, isJson, text } from "@payi/core/call";

import { carefully, carefullyLater } from "./careful.ts";
import { isAnswer, isFailedTool, isInterrupt, isJump } from "./control-flow.ts";
import { readMetadata } from "./metadata.ts";
import { ModelRun } from "./model-run.ts";
import { readModel } from "./model.ts";
import { type PayiCallbackOptions, checkCallbackOptions } from "./options.ts";
import { recordRetriever } from "./retriever-kpi.ts";
import { contextOfCall, endRoot, openRoot, resumeRoot } from "./root.ts";
import { type Root, type Run, runs } from "./runs.ts";

/** What LangGraph tells of a graph that stops or goes on. */
interface GraphEvent {
  readonly runId: string | undefined;
  readonly checkpointId: string;
}

/**
 * Give one to any runnable, model, agent or graph, once for the application or for each call: it keeps no state of its own.
 * Making one throws a `ConfigurationError` for options that are none.
 *
 * @example
 * await chain.invoke(input, { callbacks: [new PayiCallbackHandler({ useCaseName: "doc_summary" })] });
 */
export class PayiCallbackHandler extends BaseCallbackHandler {
  readonly name = "payi";
  readonly #options: PayiCallbackOptions;

  constructor(options: PayiCallbackOptions = {}) {
    super({ _awaitHandler: true, raiseError: true });
    checkCallbackOptions("PayiCallbackHandler", options);
    this.#options = options;
    // The brand of LangGraph's GraphCallbackHandler: without it nobody tells of interrupts that no node asked for.
    Object.defineProperty(this, Symbol.for("langgraph.graph_callback_handler"), { value: true });
  }

  override copy(): this {
    return this;
  }

  /** The order is the one that LangChain calls with; its declared types name the parameters differently. */
  override handleChainStart(
    _chain: unknown,
    inputs: unknown,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    _runType?: string,
    runName?: string,
  ): void {
    carefully(() => {
      this.#open(runId, parentRunId, runName, tags, metadata, { goesOn: isAnswer(inputs) });
    });
  }

  /** LangGraph's: a graph stops to ask, in a node or before or after one. */
  handleInterrupt(event: GraphEvent): void {
    carefully(() => {
      const root = this.#rootOf(event);
      if (root !== undefined) root.paused = { checkpointId: event.checkpointId };
    });
  }

  /** LangGraph's: a graph goes on where it stopped; none of its nodes has begun. */
  handleResume(event: GraphEvent): void {
    carefully(() => {
      const root = this.#rootOf(event);
      if (root !== undefined) resumeRoot(root, event.checkpointId);
    });
  }

  override handleChainEnd(_outputs: unknown, runId: string): void {
    this.#succeed(runId);
  }

  override handleChainError(error: unknown, runId: string): void {
    this.#fail(runId, error);
  }

  override handleToolStart(
    tool: unknown,
    _input: string,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
    toolCallId?: string,
  ): void {
    carefully(() => {
      const name = runName ?? (isJson(tool) ? text(tool, "name") : undefined) ?? "tool";
      const about = { step: name, toolId: toolCallId ?? runId };
      const run = this.#open(runId, parentRunId, name, tags, metadata, about);
      if (run !== undefined) noteTool(run, false);
    });
  }

  override handleToolEnd(output: unknown, runId: string): void {
    this.#succeed(runId, (run) => {
      if (isFailedTool(output)) noteTool(run, true);
    });
  }

  override handleToolError(error: unknown, runId: string): void {
    this.#fail(runId, error, (run) => {
      if (!isJump(error)) noteTool(run, true);
    });
  }

  override handleRetrieverStart(
    _retriever: unknown,
    _query: string,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    name?: string,
  ): void {
    carefully(() => void this.#open(runId, parentRunId, name, tags, metadata, { step: name ?? "retriever" }));
  }

  override handleRetrieverEnd(_documents: unknown, runId: string): void {
    this.#succeed(runId, ({ root, openedMs }) => {
      recordRetriever(root.instance, performance.now() - openedMs, this.#options.kpis);
    });
  }

  override handleRetrieverError(error: unknown, runId: string): void {
    this.#fail(runId, error);
  }

  /** @throws {LimitExceededError} before anything is sent. */
  override handleChatModelStart(
    _model: unknown,
    messages: unknown[][],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): void | Promise<void> {
    return this.#startModel(messages[0], runId, parentRunId, extra, tags, metadata, runName);
  }

  /** @throws {LimitExceededError} before anything is sent. */
  override handleLLMStart(
    _model: unknown,
    prompts: string[],
    runId: string,
    parentRunId?: string,
    extra?: Record<string, unknown>,
    tags?: string[],
    metadata?: Record<string, unknown>,
    runName?: string,
  ): void | Promise<void> {
    return this.#startModel(prompts[0], runId, parentRunId, extra, tags, metadata, runName);
  }

  override handleLLMNewToken(
    token: string,
    _index: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    fields?: unknown,
  ): void {
    const run = runs.get(runId);
    if (run?.owner !== this) return;
    carefully(() => run.model?.read(token, isJson(fields) ? fields["chunk"] : undefined));
  }

  override handleLLMEnd(
    output: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    extra?: Record<string, unknown>,
  ): void {
    this.#succeed(runId, ({ model }) => model?.end(output, extra?.["cached"] === true));
  }

  override handleLLMError(error: unknown, runId: string): void {
    this.#fail(runId, error, ({ model }) => model?.fail(error));
  }

  #startModel(
    prompt: unknown,
    runId: string,
    parentRunId: string | undefined,
    extra: Json = {},
    tags: string[] | undefined,
    metadata: Json = {},
    runName: string | undefined,
  ): void | Promise<void> {
    const start = (): void | Promise<void> => {
      const run = this.#open(runId, parentRunId, runName, tags, metadata);
      if (run === undefined || run.root.isSkipped) return undefined;
      const { category, resource, maxOutputTokens } = readModel(metadata, extra);
      const step = runName ?? run.step ?? text(metadata, "langgraph_node");
      const context = contextOfCall(run.root, readMetadata(metadata), step);
      const call = hearCall({ category, resource, maxOutputTokens, context }, run.root.own);
      run.model = new ModelRun(call, { category, prompt, batchSize: count(extra, "batch_size") });
      return this.#options.checkLimits === false ? undefined : call.authorize();
    };
    return carefullyLater(start, (refusal) => {
      // LangChain tells nobody of the end of a run whose start has thrown.
      this.#fail(runId, refusal);
      throw refusal;
    });
  }

  /** The record of a new run; undefined where another handler has it. */
  #open(
    runId: string,
    parentRunId: string | undefined,
    name: string | undefined,
    tags: readonly string[] = [],
    metadata: Json = {},
    about: Partial<Pick<Run, "step" | "toolId">> & { readonly goesOn?: boolean } = {},
  ): Run | undefined {
    if (runs.get(runId) !== undefined) return undefined;
    const { goesOn = false } = about;
    const parent = runs.get(parentRunId);
    const run: Run = {
      root: parent?.root ?? openRoot(this.#options, { id: runId, name, tags, metadata, goesOn }),
      depth: parent === undefined ? 0 : parent.depth + 1,
      owner: this,
      step: about.step ?? parent?.step,
      toolId: about.toolId,
      openedMs: performance.now(),
      model: undefined,
    };
    runs.open(runId, run);
    return run;
  }

  #succeed(runId: string, note?: (run: Run) => void): void {
    carefully(() => {
      const run = this.#take(runId);
      if (run === undefined) return;
      note?.(run);
      endRun(run, "ok");
    });
  }

  #fail(runId: string, error: unknown, note?: (run: Run) => void): void {
    carefully(() => {
      const run = this.#take(runId);
      if (run === undefined) return;
      note?.(run);
      // A graph whose node stops to ask ends as if it were done.
      if (run.depth <= 1 && isInterrupt(error)) run.root.paused ??= { checkpointId: undefined };
      endRun(run, isJump(error) ? "ok" : failureOf(error).outcome === "aborted" ? "aborted" : "error");
    });
  }

  /** What a graph tells of; undefined where it is a part of something else, or another handler has it. */
  #rootOf({ runId }: GraphEvent): Root | undefined {
    const run = runs.get(runId);
    return run?.owner === this && run.depth === 0 ? run.root : undefined;
  }

  /** Takes a run out; undefined where another handler opened it. */
  #take(runId: string): Run | undefined {
    return runs.get(runId)?.owner === this ? runs.close(runId) : undefined;
  }
}

function noteTool({ root, toolId }: Run, failed: boolean): void {
  if (toolId !== undefined) root.instance?.noteTool(toolId, failed);
}

function endRun({ root, depth }: Run, outcome: "ok" | "error" | "aborted"): void {
  if (depth === 0) endRoot(root, outcome);
}
