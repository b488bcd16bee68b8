/** Chat streams: calls in parts, and what a stream that breaks off had delivered. */
import { expect, test } from "vitest";

import { matchProvider } from "../../src/providers/index.ts";
import { type Match, type Reading } from "../../src/providers/provider.ts";
import { type Json } from "../../src/providers/read.ts";

const BODY: Json = { model: "gpt-5", stream: true, messages: [{ role: "user", content: "Plan a hike." }] };

function readStream(events: readonly (Json | "[DONE]")[], body: Json | undefined = BODY): Reading {
  const match = matchProvider("POST", new URL("https://api.openai.com/v1/chat/completions")) as Match;
  const stream = match.provider.openStream(match, match.provider.readRequest(match, body), new Headers());
  for (const event of events) {
    stream.event({ name: undefined, data: typeof event === "string" ? event : JSON.stringify(event) });
  }
  return stream.read();
}

function chunk(delta: Json, index = 0): Json {
  return { id: "c1", model: "gpt-5", choices: [{ index, delta, finish_reason: null }] };
}

function part(called: Json, more: Json = {}): Json {
  return { ...more, type: "function", function: called };
}

const NAME_A = { name: "find_trail", arguments: "" };
const NAME_B = { name: "book_hut", arguments: "" };
const cases: Readonly<Record<string, readonly Json[]>> = {
  "two choices made one call of theirs, since both begin to count at 0": [
    chunk({ tool_calls: [part(NAME_A, { index: 0, id: "a" })] }, 0),
    chunk({ tool_calls: [part(NAME_B, { index: 0, id: "b" })] }, 1),
    chunk({ tool_calls: [part({ arguments: '{"a":1}' }, { index: 0 })] }, 0),
    chunk({ tool_calls: [part({ arguments: '{"b":2}' }, { index: 0 })] }, 1),
  ],
  "calls without an index became one": [
    chunk({
      tool_calls: [part({ ...NAME_A, arguments: '{"a":1}' }), part({ ...NAME_B, arguments: '{"b":2}' })],
    }),
  ],
  "calls that all have index 0 became one": [
    chunk({ tool_calls: [part(NAME_A, { index: 0, id: "a" })] }),
    chunk({ tool_calls: [part({ arguments: '{"a":1}' }, { index: 0 })] }),
    chunk({ tool_calls: [part({ ...NAME_B, arguments: '{"b":2}' }, { index: 0, id: "b" })] }),
  ],
  "calls that all have index 0 and no id became one": [
    chunk({ tool_calls: [part({ ...NAME_A, arguments: '{"a":1}' }, { index: 0 })] }),
    chunk({ tool_calls: [part({ ...NAME_B, arguments: '{"b":2}' }, { index: 0 })] }),
  ],
  "a name that comes with every part is one call's": [
    chunk({ tool_calls: [part({ ...NAME_A, arguments: '{"a"' }, { index: 0, id: "a" })] }),
    chunk({ tool_calls: [part({ ...NAME_A, arguments: ":1}" }, { index: 0, id: "a" })] }),
    chunk({ tool_calls: [part({ ...NAME_B, arguments: '{"b":2}' }, { index: 1, id: "b" })] }),
  ],
  "a name that comes in pieces is one": [
    chunk({ tool_calls: [part({ name: "find_" }, { index: 0, id: "a" })] }),
    chunk({ tool_calls: [part({ name: "trail", arguments: '{"a":1}' }, { index: 0 })] }),
    chunk({ tool_calls: [part({ ...NAME_B, arguments: '{"b":2}' }, { index: 1, id: "b" })] }),
  ],
};

test.for(Object.entries(cases))("%s", ([, events]) => {
  expect(readStream(events).functionCalls).toEqual([
    { name: "find_trail", arguments: '{"a":1}' },
    { name: "book_hut", arguments: '{"b":2}' },
  ]);
});

test.for<readonly [string, Json]>([
  ["the arguments of a tool call", { tool_calls: [part({ arguments: "lorem ipsum " }, { index: 0 })] }],
  ["the input of a custom tool", { tool_calls: [{ index: 0, custom: { input: "lorem ipsum " } }] }],
  ["the arguments of the one function", { function_call: { arguments: "lorem ipsum " } }],
  ["reasoning", { content: null, reasoning_content: "lorem ipsum " }],
  ["reasoning by its shorter name", { content: "", reasoning: "lorem ipsum " }],
  ["a refusal", { refusal: "lorem ipsum " }],
])("a stream that broke off during %s had no output", ([, delta]) => {
  const reading = readStream([
    chunk({ role: "assistant" }),
    ...Array.from({ length: 60 }, () => chunk(delta)),
  ]);
  expect(reading).toMatchObject({
    source: "estimated",
    complete: false,
    units: { text: { input: 3, output: 180 } },
  });
});

test("reasoning that repeats in form is passed over like an answer", () => {
  const match = matchProvider("POST", new URL("https://api.openai.com/v1/chat/completions")) as Match;
  const stream = match.provider.openStream(match, match.provider.readRequest(match, BODY), new Headers());
  const data = JSON.stringify(chunk({ content: null, reasoning_content: "lorem" }));
  stream.event({ name: undefined, data });
  stream.event({ name: undefined, data });
  expect(stream.alike).toContain("reasoning_content");
});

test("the prompt of a stream whose body nobody could read was estimated to be empty", () => {
  const match = matchProvider("POST", new URL("https://api.openai.com/v1/chat/completions")) as Match;
  const read = (events: readonly Json[]): Reading => {
    const stream = match.provider.openStream(
      match,
      match.provider.readRequest(match, undefined),
      new Headers(),
    );
    for (const event of events) stream.event({ name: undefined, data: JSON.stringify(event) });
    return stream.read();
  };
  expect(read([chunk({ content: "lorem ipsum " })])).toMatchObject({
    source: "partial",
    units: { text: { input: 0, output: 3 } },
  });
  expect(read([chunk({ role: "assistant" })])).toMatchObject({ source: "unknown", units: undefined });
});
