/** The planner on Vercel's AI SDK. Loaded with the first plan: whoever plans nothing does not pay for the SDK's start. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { payiTelemetry, trackModel } from "@payi/ai-sdk";
import { type LanguageModel, registerTelemetry, stepCountIs, streamText } from "ai";

import { type Providers, chooseModel, clientOf, isClaude } from "../providers.ts";
import { PLANNER_TOOLS } from "./planner-tools.ts";
import { PLANNER_INSTRUCTIONS, type Trip, writeTripPrompt } from "./trip.ts";

/** What arrives while a plan is made, in order. */
export type PlanPart =
  | { readonly kind: "tool"; readonly name: string }
  | { readonly kind: "text"; readonly text: string };

export interface PlanOptions {
  /** Aborted when the person who asked is gone. */
  readonly signal: AbortSignal | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

// Its part are the KPIs tool_calls and tool_errors of the instance around.
registerTelemetry(payiTelemetry({ kpis: "all" }));

/** Lets a model look up trails and fuel and then write the plan. Rejects with the error of the SDK or of a limit. */
export async function* streamTripPlan(
  providers: Providers,
  trip: Trip,
  { signal, headers }: PlanOptions,
): AsyncGenerator<PlanPart> {
  const model = openModel(providers);
  const { fullStream } = streamText({
    model: trackModel(model, { useCaseStep: "gather" }),
    // The same model under the name of another step: what gathering and writing cost stands apart.
    prepareStep: ({ stepNumber }) =>
      stepNumber === 0 ? undefined : { model: trackModel(model, { useCaseStep: "write" }) },
    instructions: PLANNER_INSTRUCTIONS,
    prompt: writeTripPrompt(trip),
    tools: PLANNER_TOOLS,
    stopWhen: stepCountIs(4),
    maxOutputTokens: 4000,
    providerOptions: { openai: { store: false } },
    telemetry: { functionId: "trail_planner" },
    headers,
    ...(signal === undefined ? {} : { abortSignal: signal }),
    // Told below, where the stream brings it again.
    onError: () => undefined,
  });
  for await (const part of fullStream) {
    if (part.type === "error") throw part.error;
    if (part.type === "tool-call") yield { kind: "tool", name: part.toolName };
    if (part.type === "text-delta") yield { kind: "text", text: part.text };
  }
}

function openModel(providers: Providers): Exclude<LanguageModel, string> {
  const name = chooseModel(providers, ["gpt-5-mini", "claude-sonnet-4-6"]);
  const { apiKey, baseURL } = clientOf(providers, name);
  return isClaude(name)
    ? createAnthropic({ apiKey: apiKey ?? "", baseURL: `${baseURL}/v1` })(name)
    : createOpenAI({ apiKey: apiKey ?? "", baseURL })(name);
}
