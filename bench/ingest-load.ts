/**
 * The load of the `ingest` suite: `<port> <events a request> <events> [minimal]`. Bodies are made before the clock starts.
 */
import { Agent, request } from "node:http";

export const KEY = "bench-key-of-the-ingest-suite";
export const LIMITS = ["one", "two", "three"] as const;

/** What came of it. */
export interface Load {
  readonly kind: "done";
  readonly elapsedMs: number;
  /** Microseconds per request. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** Events sent before the clock. */
  readonly warmed: number;
  readonly errors: number;
}

/** Before the clock: as much as the engine needs to have compiled what it will compile. */
const WARM_EVENTS = 20_000;
const WARM_REQUESTS = 2_000;

if (process.send !== undefined && process.argv[1]?.endsWith("ingest-load.ts") === true) await run();

async function run(): Promise<void> {
  const [port, size, calls] = process.argv.slice(2, 5).map(Number) as [number, number, number];
  const prefer = process.argv[5] === "minimal" ? { prefer: "return=minimal" } : {};
  const connections = size === 1 ? 64 : 8;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const path = size === 1 ? "/api/v1/ingest" : "/api/v1/ingest/bulk";
  const warmUp = Math.min(WARM_REQUESTS, WARM_EVENTS / size);
  const bodies = Array.from({ length: calls / size + warmUp }, (_, index) => makeBody(index, size));
  const timesUs: number[] = [];
  let [next, errors] = [0, 0];

  const post = (body: Buffer): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "content-length": body.length,
        "xproxy-api-key": KEY,
        ...prefer,
      };
      const sent = request({ port, path, method: "POST", agent, headers }, (response) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      });
      sent.once("error", reject);
      sent.end(body);
    });
  const lane = async (end: number): Promise<void> => {
    while (next < end) {
      const body = bodies[next] ?? Buffer.alloc(0);
      next += 1;
      const start = performance.now();
      if ((await post(body)) !== 200) errors += 1;
      timesUs.push((performance.now() - start) * 1000);
    }
  };
  const send = (end: number): Promise<unknown> =>
    Promise.all(Array.from({ length: connections }, () => lane(end)));

  await send(warmUp);
  timesUs.length = 0;
  const go = new Promise((resolve) => process.once("message", resolve));
  process.send?.({ kind: "warm" });
  await go;
  const start = performance.now();
  await send(bodies.length);
  const elapsedMs = performance.now() - start;
  const sorted = timesUs.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  const warmed = warmUp * size;
  process.send?.({ kind: "done", elapsedMs, p50Us: at(0.5), p99Us: at(0.99), warmed, errors } satisfies Load);
  process.disconnect();
  agent.destroy();
}

function makeBody(index: number, size: number): Buffer {
  const events = Array.from({ length: size }, (_, item) => makeEvent(index * size + item));
  return Buffer.from(JSON.stringify(size === 1 ? events[0] : events));
}

/** Five calls to an instance, ten use cases, a thousand users, fifty accounts, spread over the last hours. */
function makeEvent(number: number): Record<string, unknown> {
  return {
    category: "system.anthropic",
    resource: "claude-sonnet-4-20250514",
    units: {
      text: { input: 900 + (number % 997), output: 120 },
      text_cache_read: { input: 3000, output: 0 },
    },
    event_timestamp: new Date(Date.now() - (number % 240) * 60_000).toISOString(),
    end_to_end_latency_ms: 200 + (number % 3000),
    time_to_first_token_ms: 90,
    http_status_code: 200,
    provider_uri: "https://api.anthropic.com/v1/messages",
    provider_response_id: `msg_${number.toString().padStart(24, "0")}`,
    use_case_name: `use_case_${number % 10}`,
    use_case_id: `instance-${Math.floor(number / 50)}-${number % 10}`,
    user_id: `user-${number % 1000}`,
    account_name: `account-${number % 50}`,
    limit_ids: LIMITS,
    properties: { environment: "production", plan: "free" },
  };
}
