/**
 * One contestant of the `sdk` suite, alone in its process: `json|stream bare|payi <calls>`. Provider and platform are
 * answered in process, so that the CPU of this process is the cost of the SDKs, reports included.
 */
import { createClient, flush, payiInstrument } from "@payi/core";
import OpenAI from "openai";

const [kind, contestant, callsText] = process.argv.slice(2);
const calls = Number(callsText);
const WARM_UP = 300;

const answer = JSON.stringify({
  id: "chatcmpl-",
  object: "chat.completion",
  created: 1,
  model: "gpt-5-2025-08-07",
  service_tier: "default",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "Go to Moab. ".repeat(20) } },
  ],
  usage: { prompt_tokens: 900, completion_tokens: 120, total_tokens: 1020 },
});

function chunk(fields: object): string {
  const base = { id: "chatcmpl-", object: "chat.completion.chunk", created: 1, model: "gpt-5-2025-08-07" };
  return `data: ${JSON.stringify({ ...base, ...fields })}\n\n`;
}

const encoder = new TextEncoder();
const delta = { index: 0, delta: { content: "trail " }, finish_reason: null };
const events = [
  ...Array.from({ length: 100 }, () => chunk({ choices: [delta], usage: null })),
  chunk({ choices: [], usage: { prompt_tokens: 900, completion_tokens: 120, total_tokens: 1020 } }),
  "data: [DONE]\n\n",
];

let delivered = 0;
let serial = 0;

/** Stands in for the network: the provider's answers, and the platform's acknowledgements. */
globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : input.toString();
  if (url.includes("/ingest/bulk")) {
    const items = JSON.parse(init?.body as string) as unknown[];
    delivered += items.length;
    return Response.json({ request_id: "b", results: items.map(() => ({ request_id: "r" })) });
  }
  serial += 1;
  if (kind === "json") {
    return new Response(answer.replace("chatcmpl-", `chatcmpl-${serial}`), {
      headers: { "content-type": "application/json" },
    });
  }
  let next = 0;
  const id = `chatcmpl-${serial}`;
  const body = new ReadableStream({
    pull(controller) {
      const event = events[next];
      next += 1;
      if (event === undefined) controller.close();
      else controller.enqueue(encoder.encode(event.replace("chatcmpl-", id)));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};

if (contestant === "payi") {
  payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
}
const client = new OpenAI({ apiKey: "k", maxRetries: 0 });
const messages = [{ role: "user" as const, content: "Find me a trail near Moab, Utah. ".repeat(40) }];

async function call(): Promise<void> {
  if (kind === "json") {
    await client.chat.completions.create({ model: "gpt-5", messages });
    return;
  }
  const stream = await client.chat.completions.create({
    model: "gpt-5",
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
}

for (let index = 0; index < WARM_UP; index += 1) await call();
await flush();
const timesUs: number[] = [];
const before = process.cpuUsage();
for (let index = 0; index < calls; index += 1) {
  const startedMs = performance.now();
  await call();
  timesUs.push((performance.now() - startedMs) * 1000);
}
await flush({ timeoutMs: 30_000 });
const cpu = process.cpuUsage(before);
timesUs.sort((a, b) => a - b);
const expected = contestant === "payi" ? calls + WARM_UP : 0;
process.send?.({
  calls,
  cpuUs: (cpu.user + cpu.system) / calls,
  p50Us: timesUs[timesUs.length >> 1] ?? 0,
  p99Us: timesUs[Math.floor(timesUs.length * 0.99)] ?? 0,
  delivered,
  errors: Math.abs(expected - delivered),
});
process.disconnect();
