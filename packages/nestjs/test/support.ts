import Anthropic from "@anthropic-ai/sdk";
import "reflect-metadata";
import { type DynamicModule, type INestApplication, type ModuleMetadata, type Type } from "@nestjs/common";
import { type AbstractHttpAdapter } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { Test, type TestingModule } from "@nestjs/testing";
/** A model on loopback, and a Nest application around it whose reports are recorded. */
import { uninstrument } from "@payi/core";

import { SILENT, startLoopback, until } from "../../core/test/support.ts";
import { PayiModule, type PayiModuleExtras, type PayiModuleOptions } from "../src/index.ts";
import { PayiRecorder, PayiTestingModule, type RecordedScore } from "../src/testing.ts";

export { until };

export interface Model extends AsyncDisposable {
  readonly client: Anthropic;
  readonly host: string;
  /** Asks once; 25 tokens in, 40 out. */
  ask(signal?: AbortSignal): Promise<string>;
}

/** A provider whose streams say one word and then nothing until the client leaves. */
export async function startModel(): Promise<Model> {
  let answers = 0;
  const provider = await startLoopback(({ body }, response) => {
    const { stream, model } = JSON.parse(body) as { stream?: boolean; model: string };
    const message = { id: `msg_${(answers += 1)}`, type: "message", role: "assistant", model };
    if (stream !== true) {
      response.setHeader("content-type", "application/json");
      const usage = { input_tokens: 25, output_tokens: 40 };
      const content = [{ type: "text", text: "Go to Moab." }];
      response.end(JSON.stringify({ ...message, content, stop_reason: "end_turn", usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const start = { ...message, content: [], usage: { input_tokens: 25, output_tokens: 1 } };
    for (const event of [
      { type: "message_start", message: start },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Moab" } },
    ]) {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    }
  });
  // Made late: a client keeps the fetch that is global when it is made.
  const client = (): Anthropic => new Anthropic({ apiKey: "sk-test", baseURL: provider.url, maxRetries: 0 });
  return {
    host: provider.host,
    get client() {
      return client();
    },
    async ask(signal) {
      const message = await client().messages.create(QUESTION, { signal });
      return message.id;
    },
    async [Symbol.asyncDispose]() {
      // Files share a process: what meters this model meters nothing of the next one.
      uninstrument();
      await provider[Symbol.asyncDispose]();
    },
  };
}

export const QUESTION: Anthropic.MessageCreateParamsNonStreaming = {
  model: "claude-sonnet-4-6",
  max_tokens: 50,
  messages: [{ role: "user", content: "Trails near Moab?" }],
};

/** The platforms that Nest speaks HTTP through. */
export const PLATFORMS: readonly (readonly [name: string, adapter: () => AbstractHttpAdapter])[] = [
  ["Express", () => new ExpressAdapter()],
  ["Fastify", () => new FastifyAdapter()],
];

export interface Running extends AsyncDisposable {
  readonly app: INestApplication;
  readonly url: string;
  readonly recorder: PayiRecorder;
  /** Waits for `count` scores of a KPI. */
  scores(kpi: string, count: number): Promise<readonly RecordedScore[]>;
}

export interface RunOptions extends PayiModuleExtras {
  readonly payi?: PayiModuleOptions;
  readonly adapter?: () => AbstractHttpAdapter;
  readonly imports?: ModuleMetadata["imports"];
  readonly controllers?: Type[];
  readonly providers?: ModuleMetadata["providers"];
  /** Before the application listens: global filters, microservices. */
  readonly prepare?: (app: INestApplication) => unknown;
}

/** A listening application with `PayiModule`; all that it reports goes to the recorder. */
export async function run(model: Model, options: RunOptions): Promise<Running> {
  const { payi, adapter = PLATFORMS[0]![1], middleware, interceptor, prepare } = options;
  const module: TestingModule = await Test.createTestingModule({
    imports: [
      PayiTestingModule.forRoot(recording(model)),
      PayiModule.forRoot({ ...payi, middleware, interceptor }),
      ...(options.imports ?? []),
    ],
    controllers: options.controllers ?? [],
    providers: [...(options.providers ?? [])],
  }).compile();
  const app = module.createNestApplication(adapter(), { logger: false });
  await prepare?.(app);
  await app.listen(0, "127.0.0.1");
  const recorder = app.get(PayiRecorder);
  return {
    app,
    url: await app.getUrl(),
    recorder,
    async scores(kpi, count) {
      const find = async (): Promise<readonly RecordedScore[]> =>
        (await recorder.scores()).filter((score) => score.kpi === kpi);
      let found = await find();
      await until(() => {
        void find().then((scores) => (found = scores));
        return found.length >= count;
      }, `${count} scores of ${kpi}`);
      return found;
    },
    async [Symbol.asyncDispose]() {
      (app.getHttpServer() as { closeAllConnections?: () => void }).closeAllConnections?.();
      await app.close();
    },
  };
}

/** How the model's host is priced, without a word in the console. */
export function recording(model: Model): Parameters<typeof PayiTestingModule.forRoot>[0] {
  return {
    logger: SILENT,
    config: { useCaseName: "tests", hostMappings: { [model.host]: { priceAsCategory: "system.anthropic" } } },
  };
}

/** The recorder of a testing module that no application was built with. */
export function recorderOf({ providers = [] }: DynamicModule): PayiRecorder {
  const recorder = providers.flatMap((provider) =>
    "useValue" in provider ? [provider.useValue as unknown] : [],
  );
  if (recorder[0] instanceof PayiRecorder) return recorder[0];
  throw new Error("The testing module has no recorder.");
}
