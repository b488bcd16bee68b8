import { type Call } from "../call.ts";
import { type JsonObject, countOf, isObject, objectsOf, textOf, textsOf } from "../json.ts";
import { MODELS, type SimulatedModel } from "../models.ts";
import { type OfferedTool, type Question, newToken, planAnswer } from "../plan.ts";
import { type PromptCache } from "../prompt-cache.ts";
import { ProviderError } from "../provider-error.ts";
import { encodeMessage, messageSteps } from "./message-steps.ts";
import { readPrompt } from "./prompt.ts";

const API = "anthropic.messages";

/** Accepts the body of `POST /v1/messages`. @throws {ProviderError} as Anthropic refuses it. */
export function acceptMessages(body: JsonObject, cache: PromptCache, withoutUsage: boolean): Call {
  const model = readModel(body["model"]);
  const maxTokens = countOf(body["max_tokens"]);
  if (maxTokens === undefined)
    throw invalid("max_tokens", body["max_tokens"], "Input should be greater than or equal to 1");
  const messages = objectsOf(body["messages"]);
  if (messages.length === 0) throw invalid("messages", body["messages"], "at least one message is required");
  const prompt = readPrompt(body);
  const cached = cache.readBreakpoints(model.snapshot, prompt.breakpoints);
  const promptUsage = {
    input: prompt.tokens - cached.read - cached.write - cached.writeHour,
    cacheRead: cached.read,
    cacheWrite: cached.write,
    cacheWriteHour: cached.writeHour,
  };
  const plan = planAnswer({
    prompt: prompt.text,
    lastMessage: prompt.lastMessage,
    answersTool: prompt.answersTool,
    images: prompt.images,
    tools: objectsOf(body["tools"]).flatMap(readTool),
    toolChoice: readToolChoice(body["tool_choice"]),
    webSearches: readWebSearches(body["tools"]),
    answerSchema: readAnswerSchema(body["output_config"]),
    maxTokens,
    stopSequences: textsOf(body["stop_sequences"]),
  });
  const answer = { id: `msg_01${newToken()}`, model, plan, promptUsage, withoutUsage };
  return {
    id: answer.id,
    api: API,
    model,
    streamed: body["stream"] === true,
    promptUsage,
    steps: () => messageSteps(answer),
    body: () => encodeMessage(answer),
  };
}

function readModel(given: unknown): SimulatedModel {
  if (textOf(given) === undefined) throw invalid("model", given, "Input should be a valid string");
  const model = MODELS.get(String(given));
  if (model?.provider === "anthropic") return model;
  throw new ProviderError(404, `model: ${String(given)}`);
}

function invalid(field: string, given: unknown, rule: string): ProviderError {
  return new ProviderError(400, `${field}: ${given === undefined ? "Field required" : rule}`);
}

function readTool(tool: JsonObject): readonly OfferedTool[] {
  const name = textOf(tool["name"]);
  if (name === undefined || !isObject(tool["input_schema"])) return [];
  return [{ name, schema: tool["input_schema"] }];
}

function readToolChoice(choice: unknown): Question["toolChoice"] {
  if (!isObject(choice)) return "auto";
  const name = textOf(choice["name"]);
  if (choice["type"] === "tool" && name !== undefined) return { name };
  return choice["type"] === "any" || choice["type"] === "none" ? choice["type"] : "auto";
}

function readWebSearches(tools: unknown): number {
  const tool = objectsOf(tools).find((offered) => textOf(offered["type"])?.startsWith("web_search_"));
  return tool === undefined ? 0 : (countOf(tool["max_uses"]) ?? 5);
}

function readAnswerSchema(config: unknown): unknown {
  const format = isObject(config) ? config["format"] : undefined;
  return isObject(format) && format["type"] === "json_schema" ? format["schema"] : undefined;
}
