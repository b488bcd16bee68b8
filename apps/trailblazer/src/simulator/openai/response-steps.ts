import { type Step, type StreamEvent, bites } from "../call.ts";
import { type SimulatedModel } from "../models.ts";
import { type Part, type Plan } from "../plan.ts";
import { countTokens } from "../tokens.ts";
import { type SimulatedUsage, NO_USAGE, addUsage } from "../usage.ts";

/** An answer to `POST /v1/responses`, decided and not yet sent. */
export interface ResponseAnswer {
  readonly id: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  readonly model: SimulatedModel;
  readonly plan: Plan;
  readonly promptUsage: Partial<SimulatedUsage>;
  readonly withoutUsage: boolean;
  /** The fields of the request that an answer repeats. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** The whole answer as JSON. */
export function encodeResponse(answer: ResponseAnswer): object {
  const { plan, withoutUsage } = answer;
  const cut = plan.finish === "length";
  return {
    ...envelope(answer),
    status: cut ? "incomplete" : "completed",
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    service_tier: "default",
    output: plan.parts.map((part, index) => encodeItem(answer, part, index)),
    ...(withoutUsage ? {} : { usage: encodeUsage(answer) }),
  };
}

/** The answer as stream events, numbered from 0. The last one carries the whole answer with its usage. */
export function* responseSteps(answer: ResponseAnswer): Generator<Step> {
  let sequence = 0;
  for (const { adds, event } of unnumbered(answer)) {
    const data = { ...(event.data as object), sequence_number: sequence };
    sequence += 1;
    yield { event: { ...event, data }, ...(adds === undefined ? {} : { adds }) };
  }
}

function* unnumbered(answer: ResponseAnswer): Generator<Step> {
  const started = {
    ...envelope(answer),
    status: "in_progress",
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const opened = { ...started, service_tier: "auto" };
  yield { event: named("response.created", { response: opened }) };
  yield { event: named("response.in_progress", { response: opened }) };
  for (const [index, part] of answer.plan.parts.entries()) {
    const item = encodeItem(answer, part, index);
    yield { event: named("response.output_item.added", { output_index: index, item: begun(item) }) };
    yield* STEPS[part.kind](part, { item_id: item.id, output_index: index });
    yield { event: named("response.output_item.done", { output_index: index, item }) };
  }
  const end = answer.plan.finish === "length" ? "response.incomplete" : "response.completed";
  yield { event: named(end, { response: encodeResponse(answer) }) };
}

interface Place {
  readonly item_id: string;
  readonly output_index: number;
}

const STEPS = { text: textSteps, tool: toolSteps, search: searchSteps } as const;

function* textSteps(part: Part, item: Place): Generator<Step> {
  const place = { ...item, content_index: 0 };
  yield { event: named("response.content_part.added", { ...place, part: encodeText("") }) };
  for (const { text, count } of bites(part.tokens)) {
    const event = named("response.output_text.delta", { ...place, delta: text, logprobs: [] });
    yield { event, adds: { output: count } };
  }
  const text = part.tokens.join("");
  yield { event: named("response.output_text.done", { ...place, text, logprobs: [] }) };
  yield { event: named("response.content_part.done", { ...place, part: encodeText(text) }) };
}

function* toolSteps(part: Part, place: Place): Generator<Step> {
  for (const { text, count } of bites(part.tokens)) {
    const event = named("response.function_call_arguments.delta", { ...place, delta: text });
    yield { event, adds: { output: count } };
  }
  const name = part.kind === "tool" ? part.name : "";
  const done = { ...place, name, arguments: part.tokens.join("") };
  yield { event: named("response.function_call_arguments.done", done) };
}

function* searchSteps(part: Part, place: Place): Generator<Step> {
  yield { event: named("response.web_search_call.in_progress", place), adds: { output: part.tokens.length } };
  yield { event: named("response.web_search_call.searching", place) };
  yield { event: named("response.web_search_call.completed", place), adds: readingUsage(part) };
}

/** A search is billed when its pages arrive; the model then reads them as input. */
function readingUsage(part: Part): Partial<SimulatedUsage> {
  if (part.kind !== "search") return {};
  return { webSearches: 1, input: part.results.reduce((sum, result) => sum + countTokens(result.text), 0) };
}

interface Item {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

function encodeItem({ id, plan }: ResponseAnswer, part: Part, index: number): Item {
  const own = `${id.slice("resp_".length)}${index}`;
  const last = index === plan.parts.length - 1;
  const status = plan.finish === "length" && last ? "incomplete" : "completed";
  const text = part.tokens.join("");
  switch (part.kind) {
    case "text":
      return { id: `msg_${own}`, type: "message", status, role: "assistant", content: [encodeText(text)] };
    case "tool": {
      const call = { call_id: `call_${part.callId}`, name: part.name, arguments: text };
      return { id: `fc_${own}`, type: "function_call", status, ...call };
    }
    default:
      return {
        id: `ws_${own}`,
        type: "web_search_call",
        status,
        action: { type: "search", query: part.query },
      };
  }
}

/** An item as it stands when it begins: without what is still to come. */
function begun(item: Item): Item {
  const empty =
    item.type === "message" ? { content: [] } : item.type === "function_call" ? { arguments: "" } : {};
  return { ...item, ...empty, status: "in_progress" };
}

function encodeText(text: string): object {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

function envelope({ id, createdAt, model, request }: ResponseAnswer): object {
  const unused = {
    background: false,
    error: null,
    previous_response_id: null,
    store: false,
    truncation: "disabled",
  };
  return { id, object: "response", created_at: createdAt, model: model.snapshot, ...unused, ...request };
}

/** Input includes what was read from the cache. */
function encodeUsage({ plan, promptUsage }: ResponseAnswer): object {
  let usage = addUsage(NO_USAGE, promptUsage);
  for (const part of plan.parts)
    usage = addUsage(usage, { ...readingUsage(part), output: part.tokens.length });
  const input = usage.input + usage.cacheRead;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + usage.output,
  };
}

function named(type: string, fields: object): StreamEvent {
  return { name: type, data: { type, ...fields } };
}
