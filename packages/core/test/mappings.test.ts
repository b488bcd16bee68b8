/** Which host a mapping names. */
import { expect, test } from "vitest";

import { resolveConfig } from "../src/config.ts";
import { ConfigurationError } from "../src/errors.ts";
import { type HostMapping, findHostMapping, findModelMapping } from "../src/mappings.ts";

type Given = Readonly<Record<string, HostMapping>>;

function read(hostMappings: Given): ReturnType<typeof resolveConfig>["hostMappings"] {
  return resolveConfig({ config: { hostMappings } }, undefined).hostMappings;
}

test.for<readonly [key: string, url: string, found: boolean]>([
  ["llm.corp:443", "https://llm.corp/v1", true],
  ["llm.corp:443", "http://llm.corp/v1", false],
  ["llm.corp:80", "http://llm.corp/v1", true],
  ["llm.corp:80", "https://llm.corp/v1", false],
  ["llm.corp:80", "https://llm.corp:80/v1", true],
  ["https://llm.corp:443/", "https://llm.corp/v1", true],
  ["https://llm.corp:8443", "https://llm.corp:8443/v1", true],
  ["llm.corp:8443", "https://llm.corp/v1", false],
  ["LLM.corp", "https://llm.corp:8443/v1", true],
  ["llm.corp", "https://llm.corp/v1", true],
  ["[::1]:443", "https://[::1]/v1", true],
  ["[::1]:11434", "http://[::1]:11434/v1", true],
])("a port that the scheme has anyway never matched: %s at %s", ([key, url, found]) => {
  const mappings = read({ [key]: { priceAsCategory: "system.openai" } });
  expect(findHostMapping(mappings, new URL(url)) !== undefined).toBe(found);
  const modelMappings = [{ model: "m", host: key, priceAsResource: "gpt-5" }];
  const { modelMappings: read_ } = resolveConfig({ config: { openaiConfig: { modelMappings } } }, undefined);
  expect(findModelMapping(read_.openai, "m", new URL(url)) !== undefined).toBe(found);
});

test("of two mappings the one that names the port holds there", () => {
  const mappings = read({
    "llm.corp": { priceAsCategory: "system.openai" },
    "llm.corp:443": { priceAsCategory: "system.groq" },
  });
  expect(findHostMapping(mappings, new URL("https://llm.corp/"))?.priceAsCategory).toBe("system.groq");
  expect(findHostMapping(mappings, new URL("https://llm.corp:8443/"))?.priceAsCategory).toBe("system.openai");
});

test.for<readonly [unknown, ...string[]]>([
  [{ "https://gw.corp/openai/v1": {} }, '"https://gw.corp/openai/v1"', "name and port", '"gw.corp"'],
  [{ "gw.corp:8080/groq": {} }, '"gw.corp:8080/groq"', '"gw.corp:8080"'],
  [{ "https://gw.corp/?tenant=a": {} }, "name and port"],
  [{ "https://ann:secret@gw.corp": {} }, "name and port"],
  [{ "https://gw.corp": {}, "gw.corp": {} }, "twice", '"https://gw.corp"', '"gw.corp"'],
  [{ "gw.corp:443": {}, "GW.corp:443": {} }, "twice"],
  [{ "file:///gw": {} }, "neither"],
  [new Map([["gw.corp", {}]]), "a Map", "must be an object"],
  [new Set(["gw.corp"]), "a Set"],
  [{ "gw.corp": new Map([["priceAsCategory", "system.openai"]]) }, 'hostMappings["gw.corp"]', "a Map"],
  [null, "null"],
])("what would have been ignored is refused: %j", ([given, ...words]) => {
  const attempt = (): unknown => read(given as Given);
  expect(attempt).toThrow(ConfigurationError);
  for (const word of ["config.hostMappings", ...words]) expect(attempt).toThrow(word);
});

function readModels(...hosts: readonly (string | URL | undefined)[]): unknown {
  const modelMappings = hosts.map((host) => ({ model: "m", host, priceAsResource: "gpt-5" }));
  return resolveConfig({ config: { openaiConfig: { modelMappings } } }, undefined);
}

test("a model mapping's path was ignored", () => {
  expect(() => readModels("https://gw.corp/v1")).toThrow("config.openaiConfig.modelMappings[0].host");
  expect(() => readModels("https://gw.corp/v1")).toThrow('Write "gw.corp".');
});

test.for<readonly [string, ...(string | URL | undefined)[]]>([
  ["gw.corp", new URL("https://gw.corp/openai"), new URL("https://gw.corp/groq")],
  ["gw.corp:443", "gw.corp:443", "GW.corp:443"],
  ["m", undefined, undefined],
])("the second mapping of a model at one host never held: %s", ([word, ...hosts]) => {
  expect(() => readModels(...hosts)).toThrow(/modelMappings\[1\].*as \[0\] is/);
  expect(() => readModels(...hosts)).toThrow(JSON.stringify(word));
});

test("a password in a host's address is not repeated", () => {
  const attempt = (): unknown => read({ "https://ann:secret@gw.corp": {} });
  expect(attempt).toThrow('Write "gw.corp".');
  expect(attempt).not.toThrow("secret");
});

test("mappings of a model at two hosts, and anywhere else, stand beside each other", () => {
  expect(() => readModels("gw.corp", "gw.corp:8080", undefined)).not.toThrow();
});
