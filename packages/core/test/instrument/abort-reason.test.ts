import { expect, test } from "vitest";

import { meter, settledEvents, startLoopback } from "../support.ts";
import { messageStream } from "../synthetic.ts";

test.for([
  ["before the answer", false],
  ["in the middle of the answer", true],
] as const)(
  "a call that is aborted %s with a reason of its own is aborted, not failed",
  async ([, begun]) => {
    await using provider = await startLoopback((_request, response) => {
      if (!begun) return;
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of messageStream(5).slice(0, 4)) response.write(event);
    });
    await using metered = await meter([provider], "system.anthropic");
    const abort = new AbortController();
    const reason = new Error("the visitor has left");
    const asked = fetch(`${provider.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ model: "claude-sonnet-4-6", stream: true, messages: [] }),
      signal: abort.signal,
    });
    const read = async (): Promise<void> => {
      const reader = (await asked).body?.getReader();
      await reader?.read();
      abort.abort(reason);
      await reader?.read();
    };
    if (!begun) setImmediate(() => abort.abort(reason));
    await expect(read()).rejects.toBe(reason);
    const events = await settledEvents(metered);
    expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["aborted"]);
  },
);
