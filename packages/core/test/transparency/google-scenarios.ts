/** What applications do with a `@google/genai` client. Each scenario answers with everything it saw. */
import { type GoogleGenAI } from "@google/genai";

import { type Scenario } from "./openai-scenarios.ts";

const contents = "Plan a day near Möab, please.";

async function allOrError(
  started: Promise<AsyncIterable<unknown>>,
  limit = Number.POSITIVE_INFINITY,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const item of await started) {
      seen.push(item);
      if (seen.length === limit) break;
    }
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

const stream = (client: GoogleGenAI, model = "plain", config = {}): Promise<AsyncIterable<unknown>> =>
  client.models.generateContentStream({ model, contents, config });

export const GOOGLE_SCENARIOS: readonly Scenario<GoogleGenAI>[] = [
  { name: "an answer", act: (client) => client.models.generateContent({ model: "plain", contents }) },
  {
    name: "an answer's text and headers",
    act: async (client) => {
      const answer = await client.models.generateContent({ model: "plain", contents });
      return [answer.text, answer.sdkHttpResponse?.headers?.["x-custom"], Object.keys(answer)];
    },
  },
  {
    name: "an answer that calls a function",
    act: async (client) => {
      const answer = await client.models.generateContent({ model: "tools", contents });
      return [answer.functionCalls, answer];
    },
  },
  ...["400", "401", "403", "404", "429", "500", "html", "empty", "broken", "reset"].flatMap((model) => [
    {
      name: `error ${model}`,
      act: (client: GoogleGenAI) => client.models.generateContent({ model, contents }),
    },
    { name: `error ${model}, streamed`, act: (client: GoogleGenAI) => allOrError(stream(client, model)) },
  ]),
  {
    name: "a timeout",
    act: (client) =>
      client.models.generateContent({ model: "hang", contents, config: { httpOptions: { timeout: 40 } } }),
  },
  {
    name: "an abort before the answer",
    act: (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      const config = { abortSignal: abort.signal };
      return client.models.generateContent({ model: "hang", contents, config });
    },
  },
  { name: "a stream to its end", act: (client) => allOrError(stream(client)) },
  ...["crlf", "one-write", "shred", "failing", "cut"].map((model) => ({
    name: `a stream that is: ${model}`,
    act: (client: GoogleGenAI) => allOrError(stream(client, model)),
  })),
  { name: "a stream left after two chunks", act: (client) => allOrError(stream(client, "stall"), 2) },
  {
    name: "a stream that is aborted",
    act: async (client) => {
      const abort = new AbortController();
      const seen: unknown[] = [];
      try {
        for await (const chunk of await stream(client, "stall", { abortSignal: abort.signal })) {
          seen.push(chunk);
          if (seen.length === 2) abort.abort();
        }
      } catch (error) {
        seen.push(error);
      }
      return seen;
    },
  },
  {
    name: "a chat of two turns, one streamed, with its history",
    act: async (client) => {
      const chat = client.chats.create({ model: "plain" });
      const first = await chat.sendMessage({ message: "hello" });
      const second = await allOrError(chat.sendMessageStream({ message: "and then?" }));
      return [first, second, chat.getHistory()];
    },
  },
  { name: "counting tokens", act: (client) => client.models.countTokens({ model: "plain", contents }) },
  { name: "an embedding", act: (client) => client.models.embedContent({ model: "plain", contents }) },
  { name: "models, paged", act: async (client) => allOrError(client.models.list()) },
];
