import { type IngestEvent, type Properties } from "@payi/core/wire";

import { type Random } from "./random.ts";

/** A model with the bounds of what a call of a use case takes. */
export interface DemoModel {
  readonly category: "system.anthropic" | "system.openai";
  readonly resource: string;
  readonly weight: number;
}

/** What one call is like before chance has its say. Token bounds are inclusive. */
export interface CallShape {
  readonly model: DemoModel;
  readonly step: string | undefined;
  readonly input: readonly [least: number, most: number];
  readonly output: readonly [least: number, most: number];
  /** Tokens of the shared prompt: read from the provider's cache, now and then written to it. 0: no caching. */
  readonly sharedPrompt: number;
  readonly webSearches: readonly [least: number, most: number];
  readonly streamed: boolean;
}

/** How a made-up call went. */
export type CallEnding = "ok" | "rate_limited" | "server_error" | "bad_answer" | "aborted";

/** The part of an event that every call of an instance shares. */
export type CallContext = Pick<
  IngestEvent,
  "useCaseName" | "useCaseId" | "useCaseVersion" | "userId" | "accountName" | "useCaseProperties"
>;

/** One call as the SDK would report it. `properties` stand beside the ones that every demo event has. */
export function makeCall(
  random: Random,
  shape: CallShape,
  context: CallContext,
  at: {
    readonly id: string;
    readonly timeMs: number;
    readonly ending: CallEnding;
    readonly properties?: Properties;
  },
): IngestEvent {
  const ending = ENDINGS[at.ending];
  const input = random.integer(...shape.input);
  const whole = random.integer(...shape.output);
  const output = at.ending === "aborted" ? Math.ceil(whole * (0.1 + random.next() * 0.6)) : whole;
  const searches = random.integer(...shape.webSearches);
  const firstTokenMs = random.integer(280, 900) + searches * 700;
  const units = {
    ...promptUnits(shape, input, output, random.chance(0.12)),
    ...(searches > 0 ? { web_search_request: { input: 0, output: searches } } : {}),
  };
  const answered = ending.status < 400;
  return {
    ...context,
    category: shape.model.category,
    resource: shape.model.resource,
    units: answered ? units : {},
    eventTimeMs: at.timeMs,
    endToEndLatencyMs: answered
      ? firstTokenMs + Math.round(output * (1000 / random.integer(35, 70)))
      : random.integer(40, 900),
    timeToFirstTokenMs: answered && shape.streamed ? firstTokenMs : undefined,
    httpStatusCode: ending.status,
    providerUri: HOSTS[shape.model.category],
    providerResponseId: at.id,
    useCaseStep: shape.step,
    properties: {
      "system.seeded": "true",
      "system.usage_source": ending.source,
      ...ending.properties,
      ...at.properties,
    },
  };
}

/** A cold shared prompt is written to the cache at a price with Anthropic, and ordinary input with OpenAI. */
function promptUnits(
  { model, sharedPrompt }: CallShape,
  input: number,
  output: number,
  cold: boolean,
): IngestEvent["units"] {
  const shared = { input: sharedPrompt, output: 0 };
  if (sharedPrompt === 0) return { text: { input, output } };
  if (!cold) return { text: { input, output }, text_cache_read: shared };
  if (model.category === "system.openai") return { text: { input: input + sharedPrompt, output } };
  return { text: { input, output }, text_cache_write: shared };
}

const HOSTS = {
  "system.anthropic": "https://api.anthropic.com",
  "system.openai": "https://api.openai.com",
} as const;

const ENDINGS: Readonly<Record<CallEnding, { status: number; source: string; properties: Properties }>> = {
  ok: { status: 200, source: "provider", properties: { "system.outcome": "ok" } },
  aborted: { status: 200, source: "partial", properties: { "system.outcome": "aborted" } },
  rate_limited: { status: 429, source: "provider", properties: { "system.outcome": "error" } },
  server_error: { status: 500, source: "provider", properties: { "system.outcome": "error" } },
  bad_answer: {
    status: 299,
    source: "provider",
    properties: {
      "system.outcome": "error",
      "system.failure": "invalid_answer",
      "system.failure.description": "The answer was not the JSON that was asked for",
    },
  },
};
