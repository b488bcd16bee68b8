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

const MAPPED = "config.openaiConfig.modelMappings[0]";

function mapped(mapping: unknown): object {
  return { config: { openaiConfig: { modelMappings: [mapping] } } };
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
  [
    { config: { hostMappings: { x: { priceAsCategory: 1 } } } },
    'config.hostMappings["x"].priceAsCategory',
    "1",
    "non-empty string",
  ],
  [
    { config: { hostMappings: { x: { category: "a" } } } },
    'config.hostMappings["x"].category',
    "not an option",
  ],
  [
    { config: { hostMappings: { x: "system.openai" } } },
    'config.hostMappings["x"]',
    '"system.openai"',
    "object",
  ],
  [{ config: { hostMappings: ["x"] } }, "config.hostMappings", '["x"]', "priceAsCategory"],
  [{ config: { hostMappings: { "a b": {} } } }, "config.hostMappings", '"a b"', "host:port"],
  [{ config: { resourceScope: "moon" } }, "config.resourceScope", '"moon"', "datazone"],
  [{ config: { connectionErrorLoggingWindow: Number.NaN } }, "config.connectionErrorLoggingWindow", "NaN"],
  [{ config: { openaiConfig: { modelMappings: "x" } } }, "config.openaiConfig.modelMappings", '"x"', "list"],
  [mapped(null), MAPPED, "null", "object"],
  [mapped({}), `${MAPPED}.model`, "required"],
  [mapped({ model: "a" }), MAPPED, '"a"', "needs priceAsCategory"],
  [mapped({ model: "a", price_as_resource: "b" }), `${MAPPED}.price_as_resource`, "not an option"],
  [mapped({ model: "a", priceAsResource: 5 }), `${MAPPED}.priceAsResource`, "5", "non-empty string"],
  [mapped({ model: "a", priceAsResource: "" }), `${MAPPED}.priceAsResource`, '""', "non-empty string"],
  [mapped({ model: "a", resourceScope: "moon" }), `${MAPPED}.resourceScope`, '"moon"', "region.<name>"],
  [mapped({ model: "a", priceAsResource: "b", host: 5 }), `${MAPPED}.host`, "5", "URL"],
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

test.for<[payi: unknown]>([["a key"], [null], [[1]], [{}]])(
  "%j is no client, and the error says what is",
  ([payi]) => {
    expect(() => payiInstrument({ payi } as never)).toThrow("createClient()");
  },
);

test("a host may be given as an address as well", () => {
  const host = new URL("https://Gateway.example:8443/v1");
  const openaiConfig = { modelMappings: [{ model: "a", priceAsResource: "b", host }] };
  const { modelMappings } = resolveConfig({ config: { openaiConfig } }, undefined);
  expect(modelMappings.openai[0]?.host).toBe("gateway.example:8443");
});

test.for([["OpenAI"], [1], [{ Openai: Date }]])("%j names no client classes", ([modules]) => {
  expect(() =>
    payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:1" }), modules } as never),
  ).toThrow(/^modules/);
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
