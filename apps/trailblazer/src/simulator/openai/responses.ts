import { type Call } from "../call.ts";
import { type JsonObject, countOf, isObject, objectsOf, textOf } from "../json.ts";
import { newToken, planAnswer } from "../plan.ts";
import { type PromptCache } from "../prompt-cache.ts";
import { ProviderError } from "../provider-error.ts";
import { readPrompt } from "./prompt.ts";
import {
  LONGEST_ANSWER,
  missing,
  readAnswerSchema,
  readModel,
  readToolChoice,
  readTools,
} from "./request.ts";
import { encodeResponse, responseSteps } from "./response-steps.ts";

/** Accepts the body of `POST /v1/responses`. @throws {ProviderError} as OpenAI refuses it. */
export function acceptResponse(body: JsonObject, cache: PromptCache, withoutUsage: boolean): Call {
  const model = readModel(body["model"], "text");
  const previous = textOf(body["previous_response_id"]);
  if (previous !== undefined) {
    // Nothing is stored here, so there is never a previous response to go on from.
    throw new ProviderError(400, `Previous response with id '${previous}' not found.`, {
      code: "previous_response_not_found",
      parameter: "previous_response_id",
    });
  }
  const text = textOf(body["input"]);
  const items = text === undefined ? objectsOf(body["input"]) : [{ role: "user", content: text }];
  if (items.length === 0) throw missing("input");
  const prompt = readPrompt(body["tools"], textOf(body["instructions"]), items);
  const cacheRead = cache.readAutomatic(model.snapshot, prompt.tokens);
  const promptUsage = { input: prompt.tokens.length - cacheRead, cacheRead };
  const maxTokens = countOf(body["max_output_tokens"]);
  const format = isObject(body["text"]) ? body["text"]["format"] : undefined;
  const plan = planAnswer({
    prompt: prompt.text,
    lastMessage: prompt.lastMessage,
    answersTool: prompt.answersTool,
    images: prompt.images,
    tools: readTools(body["tools"]),
    toolChoice: readToolChoice(body["tool_choice"]),
    webSearches: readWebSearches(body["tools"]),
    answerSchema: readAnswerSchema(format),
    maxTokens: maxTokens ?? LONGEST_ANSWER,
    stopSequences: [],
  });
  const answer = {
    id: `resp_${newToken()}`,
    createdAt: Math.floor(Date.now() / 1000),
    model,
    plan,
    promptUsage,
    withoutUsage,
    request: {
      instructions: body["instructions"] ?? null,
      max_output_tokens: maxTokens ?? null,
      metadata: body["metadata"] ?? {},
      parallel_tool_calls: true,
      text: { format: format ?? { type: "text" } },
      tool_choice: body["tool_choice"] ?? "auto",
      tools: body["tools"] ?? [],
    },
  };
  return {
    id: answer.id,
    api: "openai.responses",
    model,
    streamed: body["stream"] === true,
    promptUsage,
    steps: () => responseSteps(answer),
    body: () => encodeResponse(answer),
  };
}

function readWebSearches(tools: unknown): number {
  return objectsOf(tools).some((tool) => textOf(tool["type"])?.startsWith("web_search")) ? 2 : 0;
}
