/** Requests that are broken in every layer: bytes, framing, JSON, shapes, values. The same seed gives the same ones. */
import { type Socket, connect } from "node:net";

import { TEST_KEY, sonnet } from "../support.ts";

/** What came of a run. */
export interface MalformedRun {
  readonly sent: number;
  /** How often each status was answered; `closed`: the connection ended without an answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests that got neither an answer nor an end within a second. */
  readonly hangs: number;
}

const QUIET_MS = 1000;
const PATHS = [
  "/ingest",
  "/ingest/bulk",
  "/limits",
  "/use_cases/definitions",
  "/reprice",
  "/keys",
  "/price-books",
  "/analytics/requests",
];
const METHODS = ["POST", "PUT", "DELETE", "GET", "PATCH", "TRACE", "OPTIONS", "BREW"];
const VALUES = [
  "null",
  "-0",
  "1e999",
  "-1",
  "[]",
  "{}",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  "9007199254740993",
  "0.5",
  "tru",
  "NaN",
  '{"a":',
  "[[[[",
  '"x',
];
const LINES = [
  "Content-Length: -1",
  "Content-Length: 5, 6",
  "Content-Length: 0x10",
  "Transfer-Encoding: xchunked",
  "Transfer-Encoding: chunked",
  "Content-Type: text/plain",
  "Content-Type: application/json; charset=utf-16",
  "Content-Encoding: gzip",
  ": no name",
  "No colon",
  "X\0: y",
  " folded",
  "xProxy-Limit-IDs: ,,,",
  "xProxy-Request-Properties: {",
  "Idempotency-Key: ' OR 1=1",
  "Expect: 100-continue",
  "Upgrade: h2c",
];

/** Sends `count` of them over `connections` connections at a time. */
export async function runMalformed(
  url: string,
  count: number,
  connections: number,
  seed = 1,
): Promise<MalformedRun> {
  const port = Number(new URL(url).port);
  const statuses: Record<string, number> = {};
  let [sent, hangs] = [0, 0];
  const next = makeRandom(seed);

  async function worker(): Promise<void> {
    while (sent < count) {
      sent += 1;
      const answer = await exchange(port, malformed(next));
      if (answer === "hang") hangs += 1;
      else statuses[answer] = (statuses[answer] ?? 0) + 1;
    }
  }

  await Promise.all(Array.from({ length: connections }, worker));
  return { sent, statuses, hangs };
}

/** A whole number from 0 to below `bound`. */
type Random = (bound: number) => number;

function makeRandom(seed: number): Random {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function malformed(random: Random): Buffer {
  const pick = <Item>(items: readonly Item[], otherwise: Item): Item =>
    items[random(items.length)] ?? otherwise;
  const fields = Object.keys(
    sonnet({ user_id: "", properties: "", limit_ids: "", event_timestamp: "", use_case_name: "" }),
  );
  const value = pick(VALUES, "null");
  const bodies = [
    value,
    `[${value}]`,
    `{"${pick(fields, "units")}":${value}}`,
    JSON.stringify(sonnet()).replace(/1000|100|"[^"]+"/, value),
  ];
  const body = pick(bodies, value);
  const head = [
    `${pick(METHODS, "POST")} /api/v1${pick(PATHS, "/ingest")} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: close",
    `xProxy-Api-Key: ${TEST_KEY}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  if (random(3) === 0) head.splice(1 + random(head.length), 0, pick(LINES, ""));
  const bytes = Buffer.from([...head, "", body].join("\r\n"), "latin1");
  if (random(2) === 0)
    for (let flips = 1 + random(8); flips > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
  return random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}

/** The status that was answered, `closed`, or `hang`. Half of a request is followed by the end of the connection. */
function exchange(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host: "127.0.0.1", allowHalfOpen: false });
    let text = "";
    const end = (answer?: string): void => {
      socket.destroy();
      // "100 Continue" is none.
      resolve(answer ?? [...text.matchAll(/^HTTP\/1\.1 ([2-5]\d\d) /gm)].at(-1)?.[1] ?? "closed");
    };
    socket.setTimeout(QUIET_MS, () => end(text === "" ? "hang" : undefined));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("close", () => end());
    socket.on("error", () => end());
    socket.end(bytes);
  });
}
