/** The three SDKs and their providers under one shape, a provider that replays recordings, and a platform. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import * as ai7 from "ai";
import * as ai5 from "ai-5";
import * as ai6 from "ai-6";
import { createAnthropic as createAnthropic2 } from "ai-anthropic-2";
import { createAnthropic as createAnthropic3 } from "ai-anthropic-3";
import { createGoogleGenerativeAI as createGoogle2 } from "ai-google-2";
import { createGoogleGenerativeAI as createGoogle3 } from "ai-google-3";
import { createOpenAI as createOpenAI2 } from "ai-openai-2";
import { createOpenAI as createOpenAI3 } from "ai-openai-3";

import { type Loopback, type Recording, startLoopback } from "../../core/test/support.ts";

type Sdk = Pick<
  typeof ai7,
  "generateText" | "streamText" | "wrapLanguageModel" | "embed" | "tool" | "jsonSchema"
>;
export type Model = ai7.LanguageModel & Parameters<typeof ai7.wrapLanguageModel>[0]["model"] & object;

interface ProviderSettings {
  readonly apiKey: string;
  readonly baseURL: string;
  readonly fetch: typeof globalThis.fetch;
}

export interface Version {
  readonly sdk: Sdk;
  readonly models: (settings: ProviderSettings) => Readonly<Record<string, (modelId: string) => Model>>;
}

/** Each SDK with the providers of its time. Their types differ by version; what they do here does not. */
export const VERSIONS: Readonly<Record<string, Version>> = {
  "ai 5": version(ai5, createOpenAI2, createAnthropic2, createGoogle2),
  "ai 6": version(ai6, createOpenAI3, createAnthropic3, createGoogle3),
  "ai 7": version(ai7, createOpenAI, createAnthropic, createGoogle),
  "ai 7 with providers of ai 6": version(ai7, createOpenAI3, createAnthropic3, createGoogle3),
};

type Make<Provider> = (settings: ProviderSettings) => Provider;

function version(
  sdk: unknown,
  openai: Make<{ chat(id: never): unknown; responses(id: never): unknown }>,
  anthropic: Make<(id: never) => unknown>,
  google: Make<(id: never) => unknown>,
): Version {
  return {
    sdk: sdk as Sdk,
    models(settings) {
      const v1 = { ...settings, baseURL: `${settings.baseURL}/v1` };
      return {
        "openai.chat": (id) => openai(v1).chat(id as never) as Model,
        "openai.responses": (id) => openai(v1).responses(id as never) as Model,
        "anthropic.messages": (id) => anthropic(v1)(id as never) as Model,
        "google.generateContent": (id) =>
          google({ ...settings, baseURL: `${settings.baseURL}/v1beta` })(id as never) as Model,
      };
    },
  };
}

/** A provider that answers with the recording it holds, each time under an id of its own. */
export type Replay = Loopback & { answer: Recording | undefined };

export async function startReplay(): Promise<Replay> {
  const held: { answer: Recording | undefined } = { answer: undefined };
  let answers = 0;
  const loopback = await startLoopback((_request, response) => {
    const { answer } = held;
    if (answer === undefined) throw new Error("Nothing to replay.");
    const body = answer.body.toString();
    const id = responseIdOf(body);
    const type = answer.streaming ? "text/event-stream" : "application/json";
    response.writeHead(answer.http_status, { "content-type": type });
    response.end(id === undefined ? body : body.replaceAll(id, `${id}-${(answers += 1)}`));
  });
  return Object.defineProperty(Object.assign(loopback, held), "answer", {
    get: () => held.answer,
    set: (answer: Recording | undefined) => {
      held.answer = answer;
    },
  });
}

/** The recorded answer's own id: the outermost of its first object. */
function responseIdOf(body: string): string | undefined {
  const first = /^data: (\{.*\})$/m.exec(body)?.[1] ?? body;
  const object = JSON.parse(first) as Record<string, string & Record<string, string>>;
  return object["responseId"] ?? object["id"] ?? object["message"]?.["id"] ?? object["response"]?.["id"];
}
