import { createOpenAI } from "@ai-sdk/openai";
import { LimitExceededError } from "@payi/core";
import { generateText, registerTelemetry, streamText, wrapLanguageModel } from "ai";

import {
  type AdapterDriver,
  type ContractSetup,
  type Handled,
  adapterContract,
} from "../../core/test/adapter-contract.ts";
import { type ContractHouse, type ContractModel } from "../../core/test/contract-house.ts";
import { payiMiddleware, payiOptions, payiTelemetry, trackModel } from "../src/index.ts";

type Model = ReturnType<ReturnType<typeof createOpenAI>["chat"]>;

/** One of the ways to put the adapter around a model. */
type Door = (model: Model, options: Parameters<typeof trackModel>[1], nested: boolean) => Model;

const DOORS: Readonly<Record<string, Door>> = {
  "payiMiddleware()": (model, options, nested) =>
    wrapLanguageModel({
      model,
      middleware: nested ? [payiMiddleware(options), payiMiddleware(options)] : [payiMiddleware(options)],
    }),
  "trackModel()": (model, options, nested) =>
    nested
      ? wrapLanguageModel({ model: trackModel(model, options), middleware: payiMiddleware(options) })
      : trackModel(model, options),
  "payiTelemetry()": (model, options, nested) => {
    globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = [];
    registerTelemetry(payiTelemetry(options));
    return nested ? wrapLanguageModel({ model, middleware: payiMiddleware(options) }) : model;
  },
};

for (const [name, door] of Object.entries(DOORS)) adapterContract(`@payi/ai-sdk ${name}`, driverOf(door));

function driverOf(door: Door): AdapterDriver {
  return {
    reportsCalls: true,
    enclosesWork: false,
    start(house, setup) {
      const model = place(door, house, setup);
      return {
        async handle({ userId, work, signal }): Promise<Handled> {
          try {
            await work(modelOf(model, setup.failingResolver ? undefined : userId, signal));
            return signal.aborted ? { ending: "left" } : { ending: "answered" };
          } catch (error) {
            const refusal = LimitExceededError.from(error);
            if (refusal !== undefined && refusal === error)
              return { ending: "refused", limitIds: refusal.limitIds };
            return { ending: "failed", error };
          }
        },
        async [Symbol.asyncDispose]() {
          globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
        },
      };
    },
  };
}

function place(
  door: Door,
  house: ContractHouse,
  { layers, useCaseName, failingResolver }: ContractSetup,
): Model {
  const { url } = house.provider;
  // Looked up at each call, as the SDK's own default is.
  const openai = createOpenAI({
    apiKey: "k",
    baseURL: `${url}/v1`,
    fetch: (input, init) => house.fetch(input, init),
  });
  const userId = (): string => {
    throw new Error("no session");
  };
  const options = failingResolver ? { useCaseName, userId } : { useCaseName };
  const model = openai.chat("gpt-5");
  return layers === "transport" ? model : door(model, options, layers === "nested");
}

function modelOf(model: Model, userId: string | undefined, abortSignal: AbortSignal): ContractModel {
  const common = {
    model,
    abortSignal,
    maxRetries: 2,
    providerOptions: payiOptions({ userId }),
    runtimeContext: payiOptions({ userId }),
    telemetry: { includeRuntimeContext: { payi: true as const } },
  };
  return {
    async ask(prompt) {
      await generateText({ ...common, prompt });
    },
    async *stream(prompt) {
      const { textStream } = streamText({ ...common, prompt });
      yield* textStream;
    },
  };
}
