import OpenAI from "openai";
import { expect, test } from "vitest";

import { ConfigurationError } from "../../src/errors.ts";
import { adoptModules, wrapClient } from "../../src/instrument/adopt.ts";
import { wrapBedrock } from "../../src/instrument/bedrock.ts";
import { wrapFetch } from "../../src/instrument/fetch.ts";

const SECRET = { apiKey: "sk-secret" };

test.for([
  [() => wrapClient(undefined as never), "client", "got undefined"],
  [() => wrapClient("gpt" as never), "client", 'got "gpt"'],
  [() => wrapClient(OpenAI), "client", "got a function"],
  [() => wrapClient(SECRET), "client", "got an object without one"],
  [() => wrapFetch(5 as never), "fetch", "got 5"],
  [() => wrapFetch({} as never), "fetch", "got {}"],
  [() => wrapFetch(undefined as never), "fetch", "got undefined"],
  [() => wrapBedrock(null as never), "client", "BedrockRuntimeClient"],
  [() => adoptModules({ OpenAI: null as never }), "modules.OpenAI", "got null"],
  [() => adoptModules({ OpenAI: 5 as never }), "modules.OpenAI", "got 5"],
  [() => adoptModules(null as never), "modules", "got null"],
] as const)("something else than a client was a TypeError of ours: %#", ([configure, setting, said]) => {
  let thrown: unknown;
  try {
    configure();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConfigurationError);
  expect(thrown).toMatchObject({ setting });
  expect(String(thrown)).toContain(said);
  expect(String(thrown)).not.toContain(SECRET.apiKey);
});
