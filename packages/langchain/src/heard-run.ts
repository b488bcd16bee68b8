/** What a model's run tells while it goes on and when it ends → the ending of its call. */
import { type CallScopeEnding, estimatePromptTokens, estimateTokens } from "@payi/core/call";

import { asNumber, asRecord, asText } from "./metadata.ts";
import { type Run } from "./runs.ts";
import { providerId, readAnswer } from "./usage.ts";

/** What is known of a call that has not told its usage: an estimate where words of the answer have been seen. */
export function soFar(run: Run): Omit<CallScopeEnding, "outcome"> {
  const { streamed, call } = run;
  if (streamed === undefined) return { responseId: call?.responseId };
  return { ...estimate(run, streamed.text), responseId: call?.responseId };
}

/** Takes one part of a stream in. */
export function readToken(run: Run, token: string, chunk: unknown): void {
  const { call } = run;
  if (call === undefined) return;
  call.noteRead();
  run.streamed ??= { text: "", outputTokens: undefined, tokens: 0 };
  const { streamed } = run;
  streamed.tokens += 1;
  streamed.text += token;
  // Some integrations tell a whole answer as one token, without a chunk.
  const isStream = streamed.tokens === (chunk === undefined ? 2 : 1);
  if (isStream) call.startReading(() => soFar(run));
  const message = asRecord(asRecord(chunk)?.["message"]);
  const id = call.responseId === undefined ? providerId(message?.["id"]) : undefined;
  if (id !== undefined) call.noteResponseId(id);
  const usage = asRecord(message?.["usage_metadata"]);
  if (usage !== undefined) streamed.outputTokens = asNumber(usage["output_tokens"]);
}

/** Ends the call of a run with its `LLMResult`. */
export function endCall(run: Run, result: unknown, cached: boolean): void {
  const { call, streamed } = run;
  if (call === undefined) return;
  if (cached) {
    // The cache repeats the first answer with its id and usage, which have been billed.
    call.settle({ outcome: "ok", units: {}, properties: { "system.cached": "true" } });
    return;
  }
  const answer = readAnswer(run.category, result, streamed?.outputTokens);
  if (answer.units !== undefined) {
    call.settle({ ...answer, outcome: "ok" });
    return;
  }
  // Several prompts in one request: the usage of all of them stands with the first.
  if ((run.batchSize ?? 1) > 1) call.claim()?.settle(0n);
  call.settle({ ...answer, ...estimate(run, streamed?.text ?? wordsOf(result)), outcome: "ok" });
}

function estimate(run: Run, text: string): Pick<CallScopeEnding, "units" | "source"> {
  const units = { text: { input: estimatePromptTokens(run.prompt), output: estimateTokens(text) } };
  return { units, source: "estimated" };
}

function wordsOf(result: unknown): string {
  const generations = asRecord(result)?.["generations"];
  if (!Array.isArray(generations)) return "";
  return generations
    .flat()
    .map((generation) => asText(asRecord(generation)?.["text"]) ?? "")
    .join("");
}
