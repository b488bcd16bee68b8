/** D13: items that no platform will ever take. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { DeadLetters } from "../../src/ingest/dead-letter.ts";
import { ThrottledLog } from "../../src/logger.ts";
import { event, node, openQueue } from "../ingest/open-queue.ts";
import { type Loopback, SILENT, startLoopback } from "../support.ts";
import { API_KEY, report, scratchFolder, startServer, waitFor } from "./harness.ts";

test("one bad event in a thousand: the real platform takes the others, and the bad one is a dead letter", async () => {
  await using server = await startServer();
  using folder = scratchFolder();
  const path = join(folder.path, "spool");
  const queue = openQueue(server.url, {
    folder: path,
    client: (stop) => createClient({ apiKey: API_KEY, baseUrl: server.url }).forDelivery(stop, 10_000),
    deadLetters: new DeadLetters(node, path, new ThrottledLog(SILENT, 60_000)),
  });
  for (let index = 0; index < 1_000; index += 1) {
    const units = { text: { input: 10, output: index === 500 ? -1 : 5 } };
    // A model that nobody has a price for is an event like any other.
    queue.push(event(`e${index}`, { units, resource: index % 2 === 0 ? "gpt-5" : "never-heard-of" }));
  }
  expect(await queue.flush({ timeoutMs: 60_000 })).toMatchObject({ sent: 999, dropped: 1 });
  expect(await server.count()).toBe(999);
  const [letter = ""] = readFileSync(join(path, "dead-letters.jsonl"), "utf8").split("\n");
  expect(JSON.parse(letter)).toMatchObject({
    reason: "rejected",
    answer: expect.stringContaining("units.text.output") as string,
    event: { provider_response_id: "e500" },
  });
  expect((await server.payi("verify")).code).toBe(0);
  await queue.close();
});

/** Answers 500 for ever to whatever has the poison in it. */
function startTouchy(isPoison: (id: string) => boolean, arrived: string[]): Promise<Loopback> {
  return startLoopback((request, response) => {
    const items = JSON.parse(request.body) as { provider_response_id: string }[];
    const found = items.map((item) => item.provider_response_id);
    response.setHeader("content-type", "application/json");
    if (found.some(isPoison)) {
      response.writeHead(500).end('{"xproxy_error":{"code":"unexpected_error","message":"it broke"}}');
      return;
    }
    arrived.push(...found);
    response.end(JSON.stringify({ results: found.map((id) => ({ request_id: id })) }));
  });
}

test("an event answered 500 for ever is found alone, and holds up its own batch at most", async () => {
  const arrived: string[] = [];
  await using platform = await startTouchy((id) => id === "e700", arrived);
  const queue = openQueue(platform.url, { firstDelayMs: 100 });
  for (let index = 0; index < 2_000; index += 1) queue.push(event(`e${index}`));
  const startMs = performance.now();
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 1_999, dropped: 1 });
  expect(queue.stats.dropped).toMatchObject({ poison: 1, rejected: 0 });
  expect(new Set(arrived).size).toBe(1_999);
  // A few batches, then twice the logarithm of one.
  expect(platform.received.length).toBeLessThan(60);
  report("D13 one answered 500 for ever, of 2,000", {
    requests: platform.received.length,
    ms: performance.now() - startMs,
  });
});

test("several poisonous events at once are each found, also next to each other", async () => {
  const arrived: string[] = [];
  const poison = new Set(["e0", "e1", "e250", "e499"]);
  await using platform = await startTouchy((id) => poison.has(id), arrived);
  const queue = openQueue(platform.url, { firstDelayMs: 20 });
  for (let index = 0; index < 500; index += 1) queue.push(event(`e${index}`));
  await waitFor(
    () => queue.stats.delivered === 496,
    () => "the others to arrive",
  );
  // What came last had nothing after it that the platform took: only now is it proven.
  queue.push(event("later"));
  await queue.flush({ timeoutMs: 30_000 });
  expect(queue.stats).toMatchObject({ delivered: 497, pending: 0, dropped: { poison: 4 } });
});

test("nothing that was answered with a 4xx is sent again", async () => {
  await using platform = await startLoopback((_request, response) => {
    response.writeHead(422).end('{"xproxy_error":{"code":"request_processing_error","message":"no"}}');
  });
  const queue = openQueue(platform.url);
  for (let index = 0; index < 700; index += 1) queue.push(event(`e${index}`));
  expect(await queue.flush({ timeoutMs: 30_000 })).toMatchObject({ sent: 0, dropped: 700 });
  expect(platform.received).toHaveLength(2);
  expect(queue.stats.dropped.rejected).toBe(700);
});
