/** What applications do with AWS's Bedrock clients. Each scenario answers with everything it saw. */
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from "@aws-sdk/client-bedrock-runtime";

import { type Scenario } from "./openai-scenarios.ts";

const messages = [{ role: "user" as const, content: [{ text: "Plan a day near Möab, please." }] }];
const body = JSON.stringify({ inputText: "Plan a day near Möab, please." });

const converse = (modelId: string): ConverseCommand => new ConverseCommand({ modelId, messages });

type Start = (client: BedrockRuntimeClient, modelId: string) => Promise<AsyncIterable<unknown>>;

/** Both kinds of streams. */
const streams: Readonly<Record<string, Start>> = {
  ConverseStream: async (client, modelId) =>
    (await client.send(new ConverseStreamCommand({ modelId, messages }))).stream ?? none(),
  InvokeModelWithResponseStream: async (client, modelId) =>
    (await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }))).body ?? none(),
};

async function* none(): AsyncGenerator {
  // An answer without a stream has nothing to read.
}

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

export const BEDROCK_SCENARIOS: readonly Scenario<BedrockRuntimeClient>[] = [
  { name: "an answer", act: (client) => client.send(converse("plain")) },
  {
    name: "an answer to a callback",
    act: (client) =>
      new Promise((resolve) => {
        client.send(converse("plain"), (error: unknown, answer: unknown) => resolve([error, answer]));
      }),
  },
  {
    name: "a refusal to a callback",
    act: (client) =>
      new Promise((resolve) => {
        client.send(converse("400"), (error: unknown, answer: unknown) => resolve([error, answer]));
      }),
  },
  {
    name: "a model's own body",
    act: async (client) => {
      const answer = await client.send(new InvokeModelCommand({ modelId: "plain", body }));
      return [answer.body.transformToString(), answer];
    },
  },
  {
    name: "the command, the middleware and the configuration are as they were",
    act: async (client) => {
      const command = converse("plain");
      await client.send(command);
      return [command.input, client.config.maxAttempts === undefined, Object.keys(command).toSorted()];
    },
  },
  ...["400", "403", "404", "408", "429", "500", "503", "html", "empty", "broken", "reset"].map((modelId) => ({
    name: `error ${modelId}`,
    act: (client: BedrockRuntimeClient) => client.send(converse(modelId)),
  })),
  {
    name: "an abort before the answer",
    act: (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      return client.send(converse("hang"), { abortSignal: abort.signal });
    },
  },
  {
    name: "a timeout of the request",
    act: (client) => client.send(converse("hang"), { requestTimeout: 40 }),
  },
  ...Object.entries(streams).flatMap(([name, start]) => streamScenarios(name, start)),
];

function streamScenarios(name: string, start: Start): readonly Scenario<BedrockRuntimeClient>[] {
  const broken = ["one-write", "shred", "failing", "cut", "damaged", "429", "reset"].map((modelId) => ({
    name: `${name} that is: ${modelId}`,
    act: (client: BedrockRuntimeClient) => allOrError(start(client, modelId)),
  }));
  return [
    { name: `${name} to its end`, act: (client) => allOrError(start(client, "plain")) },
    { name: `${name} left after two events`, act: (client) => allOrError(start(client, "stall"), 2) },
    {
      name: `${name} read twice`,
      act: async (client) => {
        const events = await start(client, "plain");
        return [await allOrError(Promise.resolve(events), 1), await allOrError(Promise.resolve(events))];
      },
    },
    ...broken,
  ];
}
