/** The provider and the platform of the `sdk` suite, in process, and how a contestant is measured. */

/** What every contestant asks. */
export const MESSAGES = [{ role: "user" as const, content: "Find me a trail near Moab, Utah. ".repeat(40) }];

/** At least; else as many calls as are measured, since a compiler at work would be measured too. */
let warmUpCalls = 300;
/**
 * A whole call takes so little that the compiler shows in thousands of them: of what it does for the SDKs, with or without
 * somebody who measures, less than a tenth is left after this many.
 */
const JSON_WARM_UP = 15_000;
/** Fewer calls than these measure nothing: such a run is only to work, and warms up no longer than it runs. */
const MEASURING = 100;

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

/** Counts what arrived at the platform. */
export const sink: { delivered: number } = { delivered: 0 };

/** Stands in for the network: the provider's answers, and the platform's acknowledgements. */
export function installStub(kind: string | undefined): void {
  if (kind === "json") warmUpCalls = JSON_WARM_UP;
  let serial = 0;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (url.includes("/ingest/bulk")) {
      // Counted without being parsed: a platform's work is not the SDK's.
      const body = typeof init?.body === "string" ? init.body : "";
      const count = body.split('{"category":').length - 1;
      sink.delivered += count;
      const results = Array.from({ length: count }, () => '{"request_id":"r"}').join(",");
      return new Response(`{"request_id":"b","results":[${results}]}`);
    }
    if (url.endsWith("/guard")) return new Response('{"version":"1","limits":[],"automatic":[]}');
    if (url.endsWith("/scores")) return new Response('{"score_count":0,"error_count":0,"errors":[]}');
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
}

/** Warms up, measures `calls` calls with everything flushed inside, and tells the suite. */
export async function measure(
  calls: number,
  call: () => Promise<void>,
  flush: () => Promise<unknown>,
  reports: boolean,
): Promise<void> {
  const warmUp = calls < MEASURING ? calls : Math.max(warmUpCalls, calls);
  for (let index = 0; index < warmUp; index += 1) await call();
  await flush();
  const timesUs: number[] = [];
  const before = process.cpuUsage();
  for (let index = 0; index < calls; index += 1) {
    const startedMs = performance.now();
    await call();
    timesUs.push((performance.now() - startedMs) * 1000);
  }
  await flush();
  const cpu = process.cpuUsage(before);
  timesUs.sort((a, b) => a - b);
  const expected = reports ? calls + warmUp : 0;
  process.send?.({
    calls,
    cpuUs: (cpu.user + cpu.system) / calls,
    p50Us: timesUs[timesUs.length >> 1] ?? 0,
    p99Us: timesUs[Math.floor(timesUs.length * 0.99)] ?? 0,
    delivered: sink.delivered,
    errors: Math.abs(expected - sink.delivered),
  });
  process.disconnect();
}
