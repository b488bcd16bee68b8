import { type Step, bites } from "../call.ts";
import { parseJson } from "../json.ts";
import { type SimulatedModel } from "../models.ts";
import { type Part, type Plan } from "../plan.ts";
import { countTokens } from "../tokens.ts";
import { type SimulatedUsage, NO_USAGE, addUsage } from "../usage.ts";
import { type WebResult, sealResult } from "../web-search.ts";

/** An answer to `POST /v1/messages`, decided and not yet sent. */
export interface MessageAnswer {
  readonly id: string;
  readonly model: SimulatedModel;
  readonly plan: Plan;
  readonly promptUsage: Partial<SimulatedUsage>;
  readonly withoutUsage: boolean;
}

/** The answer as one JSON message. */
export function encodeMessage(answer: MessageAnswer): unknown {
  const { plan, withoutUsage } = answer;
  const usage = plan.parts.map(partUsage).reduce(addUsage, addUsage(NO_USAGE, answer.promptUsage));
  return {
    ...envelope(answer),
    content: plan.parts.flatMap(encodeBlocks),
    stop_reason: STOP_REASONS[plan.finish],
    stop_sequence: plan.stopSequence ?? null,
    ...(withoutUsage
      ? {}
      : { usage: { ...encodeUsage(usage), ...searchesOf(usage), ...servedBy(answer.model) } }),
  };
}

/** The answer as stream events. `message_start` states the prompt's usage, `message_delta` the sums. */
export function* messageSteps(answer: MessageAnswer): Generator<Step> {
  const { plan, withoutUsage } = answer;
  let usage = addUsage(NO_USAGE, answer.promptUsage);
  // At the start the real API states a placeholder of one output token.
  const atStart = { ...encodeUsage({ ...usage, output: 1 }), ...servedBy(answer.model) };
  const message = { ...envelope(answer), content: [], stop_reason: null, stop_sequence: null };
  yield named({ type: "message_start", message: { ...message, usage: withoutUsage ? {} : atStart } });
  let index = 0;
  for (const part of plan.parts) {
    for (const block of encodeBlocks(part)) {
      yield named(
        { type: "content_block_start", index, content_block: emptied(block) },
        startUsage(part, block),
      );
      if (index === 0) yield named({ type: "ping" });
      if (block.type !== "web_search_tool_result") yield* deltas(part, index);
      yield named({ type: "content_block_stop", index });
      index += 1;
    }
    usage = addUsage(usage, partUsage(part));
  }
  const { cache_creation: _split, ...totals } = encodeUsage(usage);
  const sums = withoutUsage ? {} : { ...totals, ...searchesOf(usage) };
  const end = { stop_reason: STOP_REASONS[plan.finish], stop_sequence: plan.stopSequence ?? null };
  yield named({ type: "message_delta", delta: end, usage: sums });
  yield named({ type: "message_stop" });
}

const STOP_REASONS = {
  end: "end_turn",
  length: "max_tokens",
  stop: "stop_sequence",
  tool: "tool_use",
} as const;

type Block = Readonly<Record<string, unknown>> & { readonly type: string };

function encodeBlocks(part: Part): readonly Block[] {
  const text = part.tokens.join("");
  if (part.kind === "text") return [{ type: "text", text }];
  const input = parseJson(text) ?? {};
  if (part.kind === "tool")
    return [{ type: "tool_use", id: `toolu_01${part.callId}`, name: part.name, input }];
  const id = `srvtoolu_01${part.callId}`;
  return [
    { type: "server_tool_use", id, name: "web_search", input, caller: { type: "direct" } },
    { type: "web_search_tool_result", tool_use_id: id, content: part.results.map(encodeResult) },
  ];
}

function encodeResult(result: WebResult): Readonly<Record<string, unknown>> {
  const { title, url, pageAge } = result;
  return { type: "web_search_result", title, url, encrypted_content: sealResult(result), page_age: pageAge };
}

function emptied(block: Block): Block {
  if (block.type === "text") return { ...block, text: "" };
  return "input" in block ? { ...block, input: {} } : block;
}

function* deltas(part: Part, index: number): Generator<Step> {
  if (part.kind !== "text") yield delta(index, { type: "input_json_delta", partial_json: "" });
  for (const { text, count } of bites(part.tokens)) {
    const change =
      part.kind === "text" ? { type: "text_delta", text } : { type: "input_json_delta", partial_json: text };
    yield delta(index, change, { output: count });
  }
}

function delta(index: number, change: unknown, adds?: Partial<SimulatedUsage>): Step {
  return named({ type: "content_block_delta", index, delta: change }, adds);
}

function named(
  data: { readonly type: string } & Record<string, unknown>,
  adds?: Partial<SimulatedUsage>,
): Step {
  return { event: { name: data.type, data }, ...(adds === undefined ? {} : { adds }) };
}

/** A search is billed when its result arrives; the model then reads the pages as input. */
function startUsage(part: Part, block: Block): Partial<SimulatedUsage> | undefined {
  if (part.kind !== "search" || block.type !== "web_search_tool_result") return undefined;
  return { webSearches: 1, input: part.results.reduce((sum, result) => sum + countTokens(result.text), 0) };
}

function partUsage(part: Part): SimulatedUsage {
  const [, result] = encodeBlocks(part);
  const reading = result === undefined ? undefined : startUsage(part, result);
  return addUsage({ ...NO_USAGE, output: part.tokens.length }, reading ?? {});
}

function envelope({ id, model }: MessageAnswer): Readonly<Record<string, unknown>> {
  return { id, type: "message", role: "assistant", model: model.snapshot };
}

function encodeUsage(usage: SimulatedUsage) {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite + usage.cacheWriteHour,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite,
      ephemeral_1h_input_tokens: usage.cacheWriteHour,
    },
    output_tokens: usage.output,
  };
}

function searchesOf({ webSearches }: SimulatedUsage): object {
  return webSearches === 0
    ? {}
    : { server_tool_use: { web_search_requests: webSearches, web_fetch_requests: 0 } };
}

/** Models from Claude 4.6 on state where inference ran. */
function servedBy({ snapshot }: SimulatedModel): object {
  return { service_tier: "standard", inference_geo: snapshot.includes("-4-6") ? "global" : "not_available" };
}
