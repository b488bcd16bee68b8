import Fastify from "fastify";
import { expect, test } from "vitest";

import { registerJsonBodies } from "../../src/http/json-body.ts";

test.each([
  [String.raw`{"a":"x\u0000y"}`, { a: "x\uFFFDy" }],
  [String.raw`{"a":"\ud83d\ude00","b":"\ud83d!","c":"\ude00"}`, { a: "😀", b: "\uFFFD!", c: "\uFFFD" }],
  [String.raw`{"a":"\\u0000 is how NUL is written"}`, { a: String.raw`\u0000 is how NUL is written` }],
  [String.raw`{"\uD800name":"\\\u0000"}`, { "\uFFFDname": "\\\uFFFD" }],
])("%s holds only what a database can keep", async (body, expected) => {
  const app = Fastify();
  registerJsonBodies(app);
  app.post("/", async (request) => request.body);
  const answer = await app.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": "application/json" },
    payload: body,
  });
  expect(answer.json()).toEqual(expected);
});
