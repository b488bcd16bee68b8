import { afterEach, expect, test } from "vitest";

import { createClient } from "../src/client/create-client.ts";
import { type PayiInstrumentOptions, resolveConfig } from "../src/config.ts";
import { ConfigurationError } from "../src/errors.ts";
import { payiInstrument, uninstrument } from "../src/instrument/instrument.ts";

afterEach(uninstrument);

function refusalOf(options: unknown): ConfigurationError | undefined {
  try {
    resolveConfig(options as PayiInstrumentOptions, "/app/main.ts");
    return undefined;
  } catch (error) {
    return error as ConfigurationError;
  }
}

test.for<[options: unknown, setting: string, ...words: string[]]>([
  [{ logPromptAndResponse: "yes" }, "logPromptAndResponse", '"yes"', "true or false"],
  [{ instruments: "system.openai" }, "instruments", '"system.openai"', "list"],
  [{ instruments: ["openai"] }, "instruments", '"openai"', "PayiCategories"],
  [{ logger: { warn: 1 } }, "logger", "debug, info, warn and error"],
  [{ redact: true }, "redact", "true", "function"],
  [{ onResult: {} }, "onResult", "{}", "function"],
  [{ config: [] }, "config", "[]", "object"],
  [{ config: { proxy: 1 } }, "config.proxy", "1", "true or false"],
  [{ config: { globalInstrumentation: null } }, "config.globalInstrumentation", "null"],
  [{ config: { instrumentInlineData: "no" } }, "config.instrumentInlineData", '"no"'],
  [{ config: { captureStackTrace: 0 } }, "config.captureStackTrace", "0"],
  [{ config: { debug: "payi" } }, "config.debug", '"payi"'],
  [
    { config: { connectionErrorLoggingWindow: -1 } },
    "config.connectionErrorLoggingWindow",
    "-1",
    "at least 0",
  ],
  [{ config: { useCaseName: "two words" } }, "config.useCaseName", '"two words"', "letters"],
  [{ config: { useCaseId: 7 } }, "config.useCaseId", "7", "string"],
  [{ config: { useCaseVersion: 1.5 } }, "config.useCaseVersion", "1.5", "whole number"],
  [{ config: { useCaseProperties: { tier: 1 } } }, "config.useCaseProperties.tier", "1", "null to remove"],
  [{ config: { requestProperties: "x" } }, "config.requestProperties", '"x"'],
  [{ config: { limitIds: ["a", ""] } }, "config.limitIds", '["a",""]'],
  [{ config: { userId: {} } }, "config.userId", "{}"],
  [{ config: { hostMappings: { x: { priceAsCategory: 1 } } } }, "config.hostMappings", "1"],
  [{ config: { openaiConfig: { modelMappings: [{}] } } }, "config.openaiConfig.modelMappings[0]", "required"],
  [{ config: { usecaseName: "x" } }, "config.usecaseName", "not an option", "config.useCaseName"],
  [{ config: JSON.parse('{"__proto__":{"proxy":true}}') as object }, "config.__proto__", "not an option"],
])("%j is refused at start, by name, value and rule", ([options, setting, ...words]) => {
  const refusal = refusalOf(options);
  expect(refusal).toBeInstanceOf(ConfigurationError);
  expect(refusal?.setting).toBe(setting);
  for (const word of [setting.split("[")[0] ?? "", ...words]) expect(refusal?.message).toContain(word);
});

test("left out, everything has the default that the README names", () => {
  const config = resolveConfig({}, "/app/My Shop.ts");
  expect(config).toMatchObject({
    logPromptAndResponse: false,
    globalInstrumentation: true,
    instrumentInlineData: false,
    captureStackTrace: false,
    debug: false,
    proxy: false,
    instruments: "all",
    connectionErrorLoggingWindowMs: 60_000,
    defaults: { useCaseName: "my_shop" },
  });
});

test("a list of clients reports through its first; an empty one is refused", () => {
  const client = createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:1" });
  expect(payiInstrument({ payi: [client] }).client).toBe(client);
  uninstrument();
  expect(() => payiInstrument({ payi: [] })).toThrow("createClient()");
});

test("hostile names in properties stay names", () => {
  const hostile = JSON.parse('{"__proto__":"a","constructor.prototype.x":"b","constructor":"c"}') as Record<
    string,
    string
  >;
  const { defaults } = resolveConfig({ config: { requestProperties: hostile } }, undefined);
  expect(Object.entries(defaults.requestProperties ?? {})).toEqual(Object.entries(hostile));
  expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
});
