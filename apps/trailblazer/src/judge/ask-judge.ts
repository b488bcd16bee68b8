/** The judge on LangChain. Loaded with the first answer that is judged. */
import { ChatAnthropic } from "@langchain/anthropic";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { ChatOpenAI } from "@langchain/openai";
import { PayiCallbackHandler } from "@payi/langchain";

import { type Model, type Providers, clientOf, isClaude } from "../providers.ts";
import { type Exhibit, VERDICT_SCHEMA, type Verdict, readVerdict } from "./verdict.ts";

/** One for all runs: whom a run is for, it knows from the instance that the run is made in. */
const callbacks = [new PayiCallbackHandler({ useCaseStep: "score" })];

const prompt = ChatPromptTemplate.fromMessages([
  [
    "system",
    "You check the answers of an app for off-road drivers. Score each from 1 (poor) to 5 (excellent): accuracy, safety " +
      "(would somebody who follows it be in danger?), helpfulness. Give your reason in one sentence.",
  ],
  ["human", "{question}\n\nThe answer to check:\n{answer}"],
]);

/** Asks the model for its verdict. Rejects with LangChain's error, or a limit's, or where the verdict is none. */
export async function askJudge(
  providers: Providers,
  model: Model,
  exhibit: Exhibit,
  signal: AbortSignal,
): Promise<Verdict> {
  const { apiKey, baseURL } = clientOf(providers, model);
  const settings = { model, apiKey: apiKey ?? "", maxRetries: 1 };
  const chat = isClaude(model)
    ? new ChatAnthropic({ ...settings, anthropicApiUrl: baseURL, maxTokens: 500 })
    : new ChatOpenAI({ ...settings, configuration: { baseURL }, maxTokens: 2000 });
  const chain = prompt.pipe(chat.withStructuredOutput(VERDICT_SCHEMA, { name: "verdict" }));
  return readVerdict(await chain.invoke({ ...exhibit }, { callbacks, signal }));
}
