/** Answers of classes that the application derives from those of the runtime. */
import { expect, test } from "vitest";

import { wrapFetch } from "../../src/instrument/fetch.ts";
import { settledEvents } from "../support.ts";
import { meterEverything } from "./recorded/replay.ts";

class OwnResponse extends Response {
  async readSeen(): Promise<unknown> {
    return { ...((await this.json()) as object), seen: true };
  }

  get isOwn(): boolean {
    return true;
  }
}

test("an answer of the application's own class lost the methods of that class", async () => {
  await using metered = await meterEverything();
  const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
  const body = JSON.stringify({ id: "own", object: "chat.completion", model: "gpt-5", choices: [], usage });
  const headers = { "content-type": "application/json" };
  const fetch = wrapFetch(() => Promise.resolve(new OwnResponse(body, { headers })));
  const given = { method: "POST", body: JSON.stringify({ model: "gpt-5", messages: [] }) };
  const answer = (await fetch("https://api.openai.com/v1/chat/completions", given)) as OwnResponse;
  expect(answer.isOwn).toBe(true);
  expect(await answer.readSeen()).toMatchObject({ id: "own", seen: true });
  const events = await settledEvents(metered);
  expect(events.map(({ units }) => units)).toEqual([{ text: { input: 3, output: 4 } }]);
});
