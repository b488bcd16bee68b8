/** What applications do with an `@anthropic-ai/sdk` client. Each scenario answers with everything it saw. */
import type Anthropic from "@anthropic-ai/sdk";

import { type Scenario } from "./openai-scenarios.ts";

const USER = [{ role: "user" as const, content: "Plan a day near Möab, please." }];

function ask(which = "plain"): Anthropic.MessageCreateParamsNonStreaming {
  return { model: "claude-sonnet-4-6", max_tokens: 99, messages: USER, metadata: { user_id: which } };
}

async function allOrError(iterable: AsyncIterable<unknown>, limit = Infinity): Promise<unknown[]> {
  const seen: unknown[] = [];
  try {
    for await (const item of iterable) {
      seen.push(item);
      if (seen.length === limit) break;
    }
  } catch (error) {
    seen.push(error);
  }
  return seen;
}

const stream = (client: Anthropic, which?: string): Promise<AsyncIterable<unknown>> =>
  client.messages.create({ ...ask(which), stream: true });

/** Every version has these. */
export const ANTHROPIC_SCENARIOS: readonly Scenario<Anthropic>[] = [
  { name: "a message", act: (client) => client.messages.create(ask()) },
  { name: "a message with its response", act: (client) => client.messages.create(ask()).withResponse() },
  { name: "a raw response", act: (client) => client.messages.create(ask()).asResponse() },
  {
    name: "a raw response read as JSON",
    act: async (client) => (await client.messages.create(ask()).asResponse()).json(),
  },
  ...["400", "401", "403", "404", "409", "429", "500", "529", "html", "empty", "broken", "reset"].map(
    (which) => ({
      name: `error ${which}, without retries`,
      act: (client: Anthropic) => client.messages.create(ask(which), { maxRetries: 0 }),
    }),
  ),
  { name: "error 529, with retries", act: (client) => client.messages.create(ask("529"), { maxRetries: 2 }) },
  { name: "a timeout", act: (client) => client.messages.create(ask("hang"), { timeout: 60, maxRetries: 0 }) },
  {
    name: "an abort before the answer",
    act: (client) => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      return client.messages.create(ask("hang"), { signal: abort.signal });
    },
  },
  { name: "a stream to its end", act: async (client) => allOrError(await stream(client)) },
  ...["crlf", "comments", "one write", "shred", "failing", "cut"].map((which) => ({
    name: `a stream that is: ${which}`,
    act: async (client: Anthropic) => allOrError(await stream(client, which)),
  })),
  { name: "a stream left after two events", act: async (client) => allOrError(await stream(client), 2) },
  {
    name: "a stream aborted by its controller",
    act: async (client) => {
      const events = await client.messages.create({ ...ask("stall"), stream: true });
      const seen: unknown[] = [];
      for await (const event of events) {
        seen.push(event);
        if (seen.length === 2) events.controller.abort();
      }
      return [seen, events.controller.signal.aborted];
    },
  },
  {
    name: "a stream teed by the SDK",
    act: async (client) => {
      const events = await client.messages.create({ ...ask(), stream: true });
      return Promise.all(events.tee().map((half) => allOrError(half)));
    },
  },
  {
    name: "the stream helper: chained listeners, texts, response, final message",
    act: async (client) => {
      const seen: unknown[] = [];
      const helper = client.messages
        .stream(ask())
        .on("connect", () => seen.push("connect"))
        .on("text", (delta, snapshot) => seen.push([delta, snapshot]))
        .on("end", () => seen.push("end"));
      const { data, response, request_id: id } = await helper.withResponse();
      return [data === helper, response, id, await helper.finalMessage(), await helper.finalText(), seen];
    },
  },
  {
    name: "the stream helper, iterated and left",
    act: async (client) => {
      const helper = client.messages.stream(ask("stall"));
      const seen = await allOrError(helper, 2);
      return [seen, helper.aborted, helper.controller.signal.aborted];
    },
  },
  {
    name: "the stream helper, aborted",
    act: async (client) => {
      const helper = client.messages.stream(ask("stall"));
      helper.on("text", () => helper.abort());
      return helper.finalMessage().catch((error: unknown) => [error, helper.aborted, helper.errored]);
    },
  },
  {
    name: "the stream helper, failing inside",
    act: (client) => client.messages.stream(ask("failing")).finalMessage(),
  },
  { name: "the stream helper, refused", act: (client) => client.messages.stream(ask("401")).finalMessage() },
  { name: "a beta message", act: (client) => client.beta.messages.create({ ...ask(), betas: [] }) },
  {
    name: "counting tokens",
    act: (client) => client.messages.countTokens({ model: "claude-sonnet-4-6", messages: USER }),
  },
];
