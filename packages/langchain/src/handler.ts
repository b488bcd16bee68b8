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
import { failureOf, hearCall } from "@payi/core/call";

import { carefully, carefullyLater } from "./careful.ts";
import { isInterrupt, isJump } from "./control-flow.ts";
import { endCall, readToken, soFar } from "./heard-run.ts";
import { asNumber, asRecord, asText, readMetadata } from "./metadata.ts";
import { readModel } from "./model.ts";
import { recordRetriever } from "./retriever-kpi.ts";
import { type PayiCallbackOptions, contextOfCall, openRoot } from "./root.ts";
import { type Run, runs } from "./runs.ts";

type Metadata = Readonly<Record<string, unknown>> | undefined;
type Tags = string[] | undefined;

/**
 * Give one to any runnable, model, agent or graph, once for the application or for each call: it keeps no state of its own.
 *
 * @example
 * await chain.invoke(input, { callbacks: [new PayiCallbackHandler({ useCaseName: "doc_summary" })] });
 */
export class PayiCallbackHandler extends BaseCallbackHandler {
  readonly name = "payi";
  readonly #options: PayiCallbackOptions;

  constructor(options: PayiCallbackOptions = {}) {
    super({ _awaitHandler: true, raiseError: true });
    this.#options = options;
  }

  override copy(): this {
    return this;
  }

  /** The order is the one that LangChain calls with; its declared types name the parameters differently. */
  override handleChainStart(
    _chain: unknown,
    _inputs: unknown,
    runId: string,
    parentRunId?: string,
    tags?: string[],
    metadata?: Record<string, unknown>,
    _runType?: string,
    runName?: string,
  ): void {
    carefully(() => void this.#open(runId, parentRunId, runName, tags, metadata));
  }

  override handleChainEnd(_outputs: unknown, runId: string): void {
    carefully(() => {
      const run = this.#close(runId);
      if (run !== undefined) this.#end(run, "ok");
    });
  }

  override handleChainError(error: unknown, runId: string): void {
    carefully(() => this.#fail(this.#close(runId), error));
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
      const name = runName ?? asText(asRecord(tool)?.["name"]) ?? "tool";
      const run = this.#open(runId, parentRunId, name, tags, metadata, {
        step: name,
        toolId: toolCallId ?? runId,
      });
      if (run !== undefined) noteTool(run, false);
    });
  }

  override handleToolEnd(output: unknown, runId: string): void {
    carefully(() => {
      const run = this.#close(runId);
      // Agents hand a tool's error to the model as a message.
      if (run !== undefined && asRecord(output)?.["status"] === "error") noteTool(run, true);
      if (run !== undefined) this.#end(run, "ok");
    });
  }

  override handleToolError(error: unknown, runId: string): void {
    carefully(() => {
      const run = this.#close(runId);
      if (run !== undefined && !isJump(error)) noteTool(run, true);
      this.#fail(run, error);
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
    carefully(() => {
      const run = this.#close(runId);
      if (run === undefined) return;
      const counted = run.root.instance ?? run.root.around;
      if (counted !== undefined)
        recordRetriever(counted, performance.now() - run.openedMs, this.#options.kpis);
      this.#end(run, "ok");
    });
  }

  override handleRetrieverError(error: unknown, runId: string): void {
    carefully(() => this.#fail(this.#close(runId), error));
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
    if (run?.owner === this && run.call !== undefined)
      carefully(() => readToken(run, token, asRecord(fields)?.["chunk"]));
  }

  override handleLLMEnd(
    output: unknown,
    runId: string,
    _parentRunId?: string,
    _tags?: string[],
    extra?: Record<string, unknown>,
  ): void {
    carefully(() => {
      const run = this.#close(runId);
      if (run?.call !== undefined) endCall(run, output, extra?.["cached"] === true);
      if (run !== undefined) this.#end(run, "ok");
    });
  }

  override handleLLMError(error: unknown, runId: string): void {
    carefully(() => {
      const run = this.#close(runId);
      run?.call?.settle({ ...soFar(run), ...failureOf(error) });
      this.#fail(run, error);
    });
  }

  #startModel(
    prompt: unknown,
    runId: string,
    parentRunId: string | undefined,
    extra: unknown,
    tags: Tags,
    metadata: Metadata,
    runName: string | undefined,
  ): void | Promise<void> {
    const start = (): void | Promise<void> => {
      const batchSize = asNumber(asRecord(extra)?.["batch_size"]);
      const { category, resource, maxOutputTokens } = readModel(metadata ?? {}, extra);
      const run = this.#open(runId, parentRunId, runName, tags, metadata, { category, prompt, batchSize });
      if (run === undefined || run.root.isSkipped) return undefined;
      const step = runName ?? run.step ?? asText(metadata?.["langgraph_node"]);
      const context = contextOfCall(run.root, readMetadata(metadata ?? {}), step);
      run.call = hearCall({ category, resource, maxOutputTokens, context }, run.root.instance);
      return this.#options.checkLimits === false ? undefined : run.call.authorize();
    };
    return carefullyLater(start, (refusal) => {
      // LangChain tells nobody of the end of a run whose start has thrown.
      carefully(() => this.#fail(this.#close(runId), refusal));
      throw refusal;
    });
  }

  /** The record of a new run; undefined where another handler has it. */
  #open(
    runId: string,
    parentRunId: string | undefined,
    name: string | undefined,
    tags: Tags,
    metadata: Metadata,
    about: Partial<Run> = {},
  ): Run | undefined {
    if (runs.get(runId) !== undefined) return undefined;
    const parent = runs.get(parentRunId);
    const run: Run = {
      root:
        parent?.root ??
        openRoot(this.#options, { id: runId, name, tags: tags ?? [], metadata: metadata ?? {} }),
      isRoot: parent === undefined,
      parentIsRoot: parent?.isRoot === true,
      owner: this,
      step: about.step ?? parent?.step,
      toolId: about.toolId,
      category: about.category,
      prompt: about.prompt,
      batchSize: about.batchSize,
      call: undefined,
      streamed: undefined,
      openedMs: performance.now(),
    };
    runs.open(runId, run);
    return run;
  }

  /** Takes a run out that this handler opened. */
  #close(runId: string): Run | undefined {
    return runs.get(runId)?.owner === this ? runs.close(runId) : undefined;
  }

  #fail(run: Run | undefined, error: unknown): void {
    if (run === undefined) return;
    // A graph whose node stops to ask ends as if it were done.
    if ((run.isRoot || run.parentIsRoot) && isInterrupt(error)) run.root.paused = true;
    this.#end(run, isJump(error) ? "ok" : failureOf(error).outcome === "aborted" ? "aborted" : "error");
  }

  /** The end of a root run is the end of its instance, unless a graph only pauses. */
  #end(run: Run, outcome: "ok" | "error" | "aborted"): void {
    if (!run.isRoot) return;
    const { instance, paused, threadId } = run.root;
    if (instance === undefined) return;
    if (!paused || outcome === "error") instance.end(outcome);
    else if (threadId !== undefined) runs.pause(threadId, instance);
  }
}

function noteTool({ root, toolId }: Run, failed: boolean): void {
  if (toolId !== undefined) (root.instance ?? root.around)?.noteTool(toolId, failed);
}
