import {
  type CallScopeEnding,
  type HeardCall,
  child,
  count,
  estimatePromptTokens,
  failureOf,
  isJson,
  releasePermit,
  text,
  weighTokens,
} from "@payi/core/call";

import { generationsOf, providerId, readAnswer } from "./usage.ts";

/** What is known of a model's run when it starts. */
export interface AskedOfModel {
  readonly category: string | undefined;
  readonly prompt: unknown;
  /** More than one where a single request carries several prompts. */
  readonly batchSize: number | undefined;
}

/** A model's run: what it tells while it goes on and when it ends → the ending of its call. */
export class ModelRun {
  readonly #call: HeardCall;
  readonly #asked: AskedOfModel;
  #parts = 0;
  /** What the words of a stream come to so far, roughly. */
  #heardTokens = 0;
  /** The last count that the parts of a stream gave. */
  #outputTokens: number | undefined;

  constructor(call: HeardCall, asked: AskedOfModel) {
    this.#call = call;
    this.#asked = asked;
  }

  /** Takes one part of a stream in. */
  read(token: string, chunk: unknown): void {
    const call = this.#call;
    call.noteRead();
    this.#parts += 1;
    this.#heardTokens += weighTokens(token);
    // Some integrations tell a whole answer as one token, without a chunk.
    const isStream = this.#parts === (chunk === undefined ? 2 : 1);
    if (isStream) call.startReading(() => this.#soFar());
    if (!isJson(chunk)) return;
    const message = child(chunk, "message");
    const id = call.responseId === undefined ? providerId(message["id"]) : undefined;
    if (id !== undefined) call.noteResponseId(id);
    const usage = message["usage_metadata"];
    if (isJson(usage)) this.#outputTokens = count(usage, "output_tokens");
  }

  /** Ends with an `LLMResult`. */
  end(result: unknown, cached: boolean): void {
    const call = this.#call;
    if (cached) {
      // The cache repeats the first answer with its id and usage, which have been billed.
      call.settle({ outcome: "ok", units: {}, properties: { "system.cached": "true" } });
      return;
    }
    const answer = readAnswer(this.#asked.category, result, this.#outputTokens);
    if (answer.units !== undefined) {
      call.settle({ ...answer, outcome: "ok" });
      return;
    }
    // Several prompts in one request: the usage of all of them stands with the first.
    if ((this.#asked.batchSize ?? 1) > 1) releasePermit(call.claim());
    const output = this.#parts > 0 ? this.#heardTokens : weighTokens(wordsOf(result));
    call.settle({ ...answer, ...this.#estimate(output), outcome: "ok" });
  }

  fail(error: unknown): void {
    this.#call.settle({ ...this.#soFar(), ...failureOf(error) });
  }

  /** Nobody will tell its end. */
  abandon(): void {
    this.#call.abandon();
  }

  /** What is known of a call that has not told its usage: an estimate where words of the answer have been seen. */
  #soFar(): Omit<CallScopeEnding, "outcome"> {
    const { responseId } = this.#call;
    return this.#parts === 0 ? { responseId } : { ...this.#estimate(this.#heardTokens), responseId };
  }

  #estimate(outputTokens: number): Pick<CallScopeEnding, "units" | "source"> {
    const input = estimatePromptTokens(this.#asked.prompt);
    return { units: { text: { input, output: Math.ceil(outputTokens) } }, source: "estimated" };
  }
}

function wordsOf(result: unknown): string {
  return generationsOf(result)
    .map((generation) => text(generation, "text") ?? "")
    .join("");
}
