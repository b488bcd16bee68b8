/** What a request's body tells. */
import { expect, test } from "vitest";

import { readFacts } from "../../src/instrument/request-body.ts";
import { matchProvider } from "../../src/providers/index.ts";
import { type Match, type RequestFacts, changeFacts } from "../../src/providers/provider.ts";

const match = matchProvider("POST", new URL("https://api.openai.com/v1/chat/completions")) as Match;
const body = { model: "gpt-5", messages: [{ role: "user", content: "hello" }] };

test("facts that were spread had lost their body, and the compiler had not said so", () => {
  const facts = readFacts(match, JSON.stringify(body));
  // @ts-expect-error -- a body that is parsed at the first look is no property of its own
  // oxlint-disable-next-line typescript/no-misused-spread -- what is shown to go wrong
  const spread: RequestFacts = { ...facts, model: "gpt-5-mini" };
  expect(spread.body).toBeUndefined();
  expect(changeFacts(facts, { model: "gpt-5-mini" })).toMatchObject({ model: "gpt-5-mini", body });
});
