import { type Call } from "../call.ts";
import { type JsonObject, countOf, isObject, objectsOf, textsOf } from "../json.ts";
import { newToken, planAnswer } from "../plan.ts";
import { type PromptCache } from "../prompt-cache.ts";
import { ProviderError } from "../provider-error.ts";
import { chatSteps, encodeCompletion } from "./chat-steps.ts";
import { readPrompt } from "./prompt.ts";
import {
  LONGEST_ANSWER,
  missing,
  readAnswerSchema,
  readModel,
  readToolChoice,
  readTools,
} from "./request.ts";

/** Accepts the body of `POST /v1/chat/completions`. @throws {ProviderError} as OpenAI refuses it. */
export function acceptChat(body: JsonObject, cache: PromptCache, withoutUsage: boolean): Call {
  const model = readModel(body["model"], "text");
  const messages = objectsOf(body["messages"]);
  if (messages.length === 0) throw missing("messages");
  if ((body["n"] ?? 1) !== 1) {
    throw new ProviderError(400, `The simulator gives one choice; n is ${String(body["n"])}.`, {
      parameter: "n",
    });
  }
  const prompt = readPrompt(body["tools"], undefined, messages);
  const cacheRead = cache.readAutomatic(model.snapshot, prompt.tokens);
  const promptUsage = { input: prompt.tokens.length - cacheRead, cacheRead };
  const plan = planAnswer({
    prompt: prompt.text,
    lastMessage: prompt.lastMessage,
    answersTool: prompt.answersTool,
    images: prompt.images,
    tools: readTools(body["tools"]),
    toolChoice: readToolChoice(body["tool_choice"]),
    webSearches: 0,
    answerSchema: readAnswerSchema(body["response_format"]),
    maxTokens: countOf(body["max_completion_tokens"]) ?? countOf(body["max_tokens"]) ?? LONGEST_ANSWER,
    stopSequences: textsOf(body["stop"]),
  });
  const options = body["stream_options"];
  const includeUsage = isObject(options) && options["include_usage"] === true;
  const created = Math.floor(Date.now() / 1000);
  const answer = {
    id: `chatcmpl-${newToken()}`,
    created,
    model,
    plan,
    promptUsage,
    includeUsage,
    withoutUsage,
  };
  return {
    id: answer.id,
    api: "openai.chat",
    model,
    streamed: body["stream"] === true,
    promptUsage,
    steps: () => chatSteps(answer),
    body: () => encodeCompletion(answer),
  };
}
