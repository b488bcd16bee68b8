import AnthropicBedrock, { AnthropicBedrockMantle } from "@anthropic-ai/bedrock-sdk";
import AnthropicFoundry from "@anthropic-ai/foundry-sdk";
import { AnthropicVertex } from "@anthropic-ai/vertex-sdk";
import OpenAI from "openai";
import { expect, test } from "vitest";

import { areAbsent, type Recording, countsOf, drain, recordingsOf, replay } from "./replay.ts";

const recordings = recordingsOf(() => true);
const MESSAGE = { max_tokens: 100, messages: [{ role: "user" as const, content: "hello" }] };

function recorded(id: string): Recording {
  const recording = recordings.find((one) => one.id === id);
  if (recording === undefined) throw new Error(`There is no recording ${id}`);
  return recording;
}

/** The messages API of an SDK, as far as these tests use it. */
interface Messages {
  create(body: object): Promise<unknown>;
}

const authClient = {
  projectId: "payi",
  getRequestHeaders: () => Promise.resolve(new Headers({ authorization: "Bearer test" })),
};

const hosts = [
  {
    name: "Microsoft Foundry",
    client: () => new AnthropicFoundry({ apiKey: "test", resource: "payi" }),
    event: {
      category: "system.azure",
      // The deployment's name is the application's own: the answer names the model.
      resource: expect.stringMatching(/^claude-sonnet-4-.*\d{8}$/) as string,
      resourceScope: undefined,
    },
  },
  {
    name: "Vertex AI",
    client: () =>
      new AnthropicVertex({ projectId: "payi", region: "us-east5", authClient: authClient as never }),
    event: {
      category: "system.google.vertex",
      resource: "anthropic.claude-sonnet-4",
      resourceScope: "region.us-east5",
    },
  },
  {
    name: "Amazon's Mantle endpoint",
    client: () => new AnthropicBedrockMantle({ apiKey: "test", awsRegion: "us-west-2" }),
    event: {
      category: "system.aws.bedrock",
      resource: "claude-sonnet-4",
      resourceScope: "region.us-west-2",
    },
  },
];

test.skipIf(areAbsent).for(hosts)(
  "Anthropic's SDK for $name is metered, streamed and whole, and billed by who hosts",
  async ({ client, event: expected }) => {
    const body = { ...MESSAGE, model: "claude-sonnet-4" };
    for (const [id, stream] of [
      ["35", true],
      ["26", false],
    ] as const) {
      const recording = recorded(id);
      // oxlint-disable-next-line no-await-in-loop -- one instrumentation at a time
      const events = await replay(recording, async () =>
        drain(await (client().messages as unknown as Messages).create({ ...body, stream })),
      );
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject(expected);
      expect(countsOf(events[0]).total("output")).toBe(recording.expected_usage?.["output_total"]);
      expect(countsOf(events[0]).input("text")).toBe(recording.expected_usage?.["input_uncached"]);
    }
  },
);

test.skipIf(areAbsent)(
  "Anthropic's SDK for Bedrock sends through fetch, and its binary stream is read there",
  async () => {
    const open = (): AnthropicBedrock =>
      new AnthropicBedrock({ awsAccessKey: "AKIDEXAMPLE", awsSecretKey: "secret", awsRegion: "us-east-1" });
    const model = "us.anthropic.claude-sonnet-4-20250514-v1:0";
    for (const [id, stream] of [
      ["81", true],
      ["82", true],
      ["83", false],
    ] as const) {
      const recording = recorded(id);
      // oxlint-disable-next-line no-await-in-loop -- one instrumentation at a time
      const events = await replay(recording, async () =>
        drain(await open().messages.create({ ...MESSAGE, model, stream })),
      );
      expect(events).toHaveLength(1);
      const [event] = events;
      expect(event).toMatchObject({
        category: "system.aws.bedrock",
        resource: model,
        resourceScope: "datazone.us",
      });
      expect(event?.properties?.["system.usage_source"]).toBe("provider");
      const counts = countsOf(event);
      expect({
        input_uncached: counts.input("text"),
        output_total: counts.output("text"),
        cache_read: counts.input("text_cache_read"),
        cache_write_total: counts.input("text_cache_write"),
      }).toMatchObject(
        Object.fromEntries(
          ["input_uncached", "output_total", "cache_read", "cache_write_total"].map((name) => [
            name,
            recording.expected_usage?.[name],
          ]),
        ),
      );
    }
  },
);

test.skipIf(areAbsent)("a Gemini stream is read as an array of JSON as well", async () => {
  const recording = recorded("42");
  const chunks = recording.body
    .toString()
    .split(/\r?\n\r?\n/)
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice(6));
  const array = {
    ...recording,
    body: Buffer.from(`[${chunks.join("\n,\r\n")}]\n`),
    response_headers: { "content-type": "application/json; charset=UTF-8" },
  };
  const url =
    "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?key=k";
  const send = (): Promise<Response> =>
    fetch(url, { method: "POST", body: '{"contents":[{"parts":[{"text":"hello"}]}]}' });
  for (const read of [
    async () => (await send()).json(),
    async () => (await send()).text(),
    async () => drain((await send()).body),
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one instrumentation at a time
    const events = await replay(array, read);
    expect(events).toHaveLength(1);
    expect(countsOf(events[0]).total("input")).toBe(119);
    expect(countsOf(events[0]).total("output")).toBe(653);
    expect(events[0]?.units).toMatchObject({ grounded_prompt: { input: 0, output: 1 } });
    expect(events[0]?.properties?.["system.outcome"]).toBe("ok");
  }
});

test.skipIf(areAbsent).for([
  ["https://dbc-1.cloud.databricks.com/serving-endpoints", "system.databricks.aws"],
  ["https://adb-1.2.azuredatabricks.net/serving-endpoints", "system.databricks.azure"],
  ["https://1.2.gcp.databricks.com/serving-endpoints", "system.databricks.google"],
] as const)("Databricks at %s is %s, and is never asked for usage", async ([baseURL, category]) => {
  const model = "databricks-claude-sonnet-4";
  const sent: string[] = [];
  const events = await replay(recorded("02"), async (provider) => {
    const client = new OpenAI({ apiKey: "test", baseURL, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hello" }];
    await drain(await client.chat.completions.create({ model, messages, stream: true }));
    sent.push(...provider.received.map(({ body }) => body));
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]).not.toContain("include_usage");
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ category, resource: "databricks-claude-sonnet-4" });
  expect(countsOf(events[0]).total("input")).toBe(67);
});
