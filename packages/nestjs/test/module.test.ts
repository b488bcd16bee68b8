import "reflect-metadata";
import Anthropic from "@anthropic-ai/sdk";
import { Controller, Get, Inject, Injectable, Module } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { ConfigurationError, type PayiClient, close, createClient, uninstrument } from "@payi/core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";

import { type Platform, SILENT, startPlatform } from "../../core/test/support.ts";
import {
  InjectPayi,
  PAYI_CLIENT,
  PAYI_OPTIONS,
  PayiModule,
  type PayiModuleOptions,
  PayiService,
} from "../src/index.ts";
import { PayiRecorder, PayiTestingModule } from "../src/testing.ts";
import { type Model, QUESTION, recording, startModel } from "./support.ts";

let model: Model;
let platform: Platform;
beforeAll(async () => {
  [model, platform] = [await startModel(), await startPlatform()];
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.unstubAllEnvs();
  uninstrument();
  platform.received.length = 0;
});

function options(): PayiModuleOptions {
  return { ...recording(model), apiKey: "key", baseUrl: platform.url, useCaseName: "chat" };
}

/** Made by injection, as in most applications, and before the module's own providers. */
const anthropic = { provide: Anthropic, useFactory: () => model.client };

@Controller()
class Chat {
  readonly #anthropic: Anthropic;

  constructor(@Inject(Anthropic) client: Anthropic) {
    this.#anthropic = client;
  }

  @Get()
  async chat(): Promise<string> {
    return (await this.#anthropic.messages.create(QUESTION)).id;
  }
}

@Injectable()
class Settings {
  createPayiOptions(): PayiModuleOptions {
    return options();
  }
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

test("a provider client that injection makes first is metered, and shutting down delivers what it did", async () => {
  @Module({ imports: [PayiModule.forRoot(options())], controllers: [Chat], providers: [anthropic] })
  class AppModule {}
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const app = await module
    .createNestApplication({ logger: false })
    .listen(0, "127.0.0.1")
    .then(() => module);
  expect(await app.get(Chat).chat()).toMatch(/^msg_/);
  await app.close();
  expect(platform.events).toMatchObject([{ category: "system.anthropic" }]);
});

test.for([
  [
    "useFactory",
    () => ({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: (settings: Settings) => settings.createPayiOptions(),
    }),
  ],
  ["useClass", () => ({ useClass: Settings })],
  ["useExisting", () => ({ imports: [SettingsModule], useExisting: Settings })],
] as const)("options may come from injection, by %s", async ([, asynchronous]) => {
  const module = await Test.createTestingModule({
    imports: [PayiModule.forRootAsync(asynchronous())],
  }).compile();
  const service = module.get(PayiService);
  expect([module.get<PayiModuleOptions>(PAYI_OPTIONS).apiKey, service.client.baseUrl]).toEqual([
    "key",
    platform.url,
  ]);
  await module.close();
});

test("options of forRoot are read once, and nobody warns of reading them twice", async () => {
  const warn = vi.fn<(message: string) => void>();
  const dynamic = PayiModule.forRoot({ ...options(), logger: { ...SILENT, warn } });
  const module = await Test.createTestingModule({ imports: [dynamic] }).compile();
  expect(warn).not.toHaveBeenCalled();
  await module.close();
});

test("a missing key fails the start of the application, not the import of its module", async () => {
  vi.stubEnv("PAYI_API_KEY", "");
  const dynamic = PayiModule.forRoot();
  const start = Test.createTestingModule({ imports: [dynamic] }).compile();
  await expect(start).rejects.toThrow(ConfigurationError);
});

test.for<[got: string, asynchronous: object]>([
  ["undefined", { useFactory: async () => undefined }],
  ["null", { useFactory: () => null }],
  ["string", { useFactory: () => "key" }],
  ["[]", { useFactory: () => [] }],
])("a factory that gave %s failed with a word about destructuring", async ([got, asynchronous]) => {
  const dynamic = PayiModule.forRootAsync(asynchronous);
  const start = Test.createTestingModule({ imports: [dynamic] }).compile();
  const error: unknown = await start.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({ setting: "options", message: expect.stringContaining(`got ${got}. Return`) });
});

test("options of forRoot that are no object are told as such", () => {
  expect(() => PayiModule.forRoot(null as never)).toThrow(ConfigurationError);
});

test("the service is core with the process's state, and the client can be injected", async () => {
  @Injectable()
  class Reports {
    readonly client: PayiClient;

    constructor(@InjectPayi() client: PayiClient) {
      this.client = client;
    }
  }
  const payi = createClient({ apiKey: "key", baseUrl: platform.url });
  const module = await Test.createTestingModule({
    imports: [PayiModule.forRoot({ ...recording(model), payi })],
    providers: [Reports],
  }).compile();
  const service = module.get(PayiService);
  expect([module.get(Reports).client, module.get<PayiClient>(PAYI_CLIENT), service.client]).toEqual([
    payi,
    payi,
    payi,
  ]);
  const instance = service.startInstance({ name: "nightly" });
  const inside = instance.run(() =>
    service.trackContext({ userId: "jane" }, () => [service.instance, service.context.userId]),
  );
  expect([...inside, service.instance]).toEqual([instance, "jane", undefined]);
  await instance.run(() => model.ask());
  expect(await service.flush({ timeoutMs: 30_000 })).toMatchObject({ failed: 0, dropped: 0 });
  expect(service.stats()).toMatchObject({ delivered: 1 });
  await module.close();
});

test("what two applications share is closed with the second", async () => {
  const modules = [];
  for (const _ of [1, 2]) {
    const module = await Test.createTestingModule({ imports: [PayiModule.forRoot(options())] }).compile();
    modules.push(await module.init());
  }
  const metered = globalThis.fetch;
  await modules[0]?.close();
  expect(globalThis.fetch).toBe(metered);
  await modules[1]?.close();
  expect(globalThis.fetch).not.toBe(metered);
});

test("in tests an application reports to a recorder, whatever its own module says", async () => {
  vi.stubEnv("PAYI_API_KEY", "");
  @Module({
    imports: [PayiModule.forRoot({ useCaseName: "chat" })],
    controllers: [Chat],
    providers: [anthropic],
  })
  class AppModule {}
  const imports = [AppModule, PayiTestingModule.forRoot(recording(model))];
  const module = await Test.createTestingModule({ imports }).compile();
  const recorder = module.get(PayiRecorder);
  await module.get(Chat).chat();
  expect(await recorder.events()).toMatchObject([
    { useCaseName: "tests", units: { text: { input: 25, output: 40 } } },
  ]);
  await recorder.clear();
  expect([await recorder.events(), platform.received]).toEqual([[], []]);
  await module.close();
  await close({ timeoutMs: 30_000 });
});
