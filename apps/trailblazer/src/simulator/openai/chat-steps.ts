import { type Step, bites } from "../call.ts";
import { type SimulatedModel } from "../models.ts";
import { type Part, type Plan } from "../plan.ts";
import { type SimulatedUsage } from "../usage.ts";

/** An answer to `POST /v1/chat/completions`, decided and not yet sent. */
export interface ChatAnswer {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: SimulatedModel;
  readonly plan: Plan;
  readonly promptUsage: Partial<SimulatedUsage>;
  /** The client asked for usage at the end of the stream. */
  readonly includeUsage: boolean;
  readonly withoutUsage: boolean;
}

/** The answer as one JSON completion. */
export function encodeCompletion(answer: ChatAnswer): unknown {
  const { plan, withoutUsage } = answer;
  const text = plan.parts.filter((part) => part.kind === "text").map(textOf);
  const calls = plan.parts.filter((part) => part.kind === "tool").map(encodeToolCall);
  const message = {
    role: "assistant",
    content: text.length === 0 ? null : text.join(""),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    refusal: null,
    annotations: [],
  };
  return {
    ...envelope(answer, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: FINISH_REASONS[plan.finish] }],
    ...(withoutUsage ? {} : { usage: encodeUsage(answer) }),
  };
}

/**
 * The answer as stream events. Usage comes only when it was asked for: then in one chunk without choices at the end,
 * while all other chunks say `"usage":null`; otherwise no chunk has the field.
 */
export function* chatSteps(answer: ChatAnswer): Generator<Step> {
  const { plan, includeUsage, withoutUsage } = answer;
  const head = envelope(answer, "chat.completion.chunk");
  const tail = includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finish: string | null, adds?: Partial<SimulatedUsage>): Step => {
    const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
    return { event: { data: { ...head, choices, ...tail } }, ...(adds === undefined ? {} : { adds }) };
  };

  // Tool calls are numbered; text comes alone.
  for (const [index, part] of plan.parts.entries()) yield* partSteps(part, index, chunk);
  yield chunk({}, FINISH_REASONS[plan.finish]);
  if (includeUsage && !withoutUsage) {
    yield { event: { data: { ...head, choices: [], usage: encodeUsage(answer) } } };
  }
  yield { event: { data: "[DONE]" } };
}

type Chunk = (delta: object, finish: null, adds?: Partial<SimulatedUsage>) => Step;

function* partSteps(part: Part, index: number, chunk: Chunk): Generator<Step> {
  if (part.kind === "tool") {
    const call = encodeToolCall(part);
    const opened = { index, ...call, function: { ...call.function, arguments: "" } };
    const role = index === 0 ? { role: "assistant", content: null, refusal: null } : {};
    yield chunk({ ...role, tool_calls: [opened] }, null);
  } else {
    yield chunk({ role: "assistant", content: "", refusal: null }, null);
  }
  for (const { text, count } of bites(part.tokens)) {
    const delta =
      part.kind === "tool" ? { tool_calls: [{ index, function: { arguments: text } }] } : { content: text };
    yield chunk(delta, null, { output: count });
  }
}

const FINISH_REASONS = { end: "stop", stop: "stop", length: "length", tool: "tool_calls" } as const;

function textOf(part: Part): string {
  return part.tokens.join("");
}

function encodeToolCall(part: Extract<Part, { kind: "tool" }>) {
  const called = { name: part.name, arguments: textOf(part) };
  return { id: `call_${part.callId}`, type: "function", function: called };
}

function envelope({ id, created, model }: ChatAnswer, object: string): Readonly<Record<string, unknown>> {
  return {
    id,
    object,
    created,
    model: model.snapshot,
    service_tier: "default",
    system_fingerprint: "fp_simulator",
  };
}

/** Prompt tokens include the cached ones. */
function encodeUsage({ plan, promptUsage }: ChatAnswer): object {
  const cached = promptUsage.cacheRead ?? 0;
  const input = (promptUsage.input ?? 0) + cached;
  const output = plan.parts.reduce((sum, part) => sum + part.tokens.length, 0);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
