/**
 * Sends a server what is too large in every way, again and again: `node --conditions=@payi/source test/faults/oversize.ts
 * [rounds]`. Prints the slowest answer of each kind, and the server's memory before, at its peak, and what is left of it
 * after the first round and after the last, once garbage has been collected: a leak would be the difference of the two.
 */
/* oxlint-disable no-await-in-loop -- one at a time, so that each has a time of its own */
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { sendRaw } from "../../apps/server/test/abuse/raw.ts";
import { listening, makeFolder, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY, request, sonnet } from "../../apps/server/test/support.ts";
import { INSPECTED, heapOf } from "./heap-of.ts";

const MEBIBYTE = 2 ** 20;
/** The largest body that is accepted. */
const LIMIT = 16 * MEBIBYTE;
const rounds = Number(process.argv[2] ?? 10);

await using folder = await makeFolder();
const settings = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: TEST_KEY, PORT: "0", ...INSPECTED };
const child = startPayi(["serve"], settings);
await using heap = await heapOf(child);
const url = await listening(child);
const head = (path: string, ...lines: readonly string[]): string =>
  [
    `POST /api/v1${path} HTTP/1.1`,
    "Host: x",
    "Connection: close",
    `xProxy-Api-Key: ${TEST_KEY}`,
    "Content-Type: application/json",
    ...lines,
    "",
    "",
  ].join("\r\n");
const many = (value: unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, value]));
const body = (path: string, text: string) => async (): Promise<number> =>
  (await request(`${url}/api/v1${path}`, "POST", text, { "xproxy-api-key": TEST_KEY })).status;
const raw = (text: string) => async (): Promise<number> => (await sendRaw(url, text)).statuses[0] ?? 0;
const packed = (encoding: string, bytes: Uint8Array) =>
  raw(
    head("/ingest", `Content-Encoding: ${encoding}`, `Content-Length: ${bytes.length}`) +
      Buffer.from(bytes).toString("latin1"),
  );
const chunk = `100000\r\n${" ".repeat(MEBIBYTE)}\r\n`;
const kinds: Readonly<Record<string, () => Promise<number>>> = {
  "a length of a terabyte": raw(head("/ingest", `Content-Length: ${2 ** 40}`)),
  "17 MiB in chunks": raw(head("/ingest", "Transfer-Encoding: chunked") + chunk.repeat(17)),
  "a gzip bomb": packed("gzip", gzipSync(Buffer.alloc(256 * MEBIBYTE))),
  "a br bomb": packed("br", brotliCompressSync(Buffer.alloc(256 * MEBIBYTE))),
  "headers of 64 KiB": raw(head("/ingest", `X-Long: ${"v".repeat(64 * 1024)}`, "Content-Length: 0")),
  "100,000 levels": body("/ingest", `{"properties":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
  "100,000 properties": body("/ingest", JSON.stringify(sonnet({ properties: many("v") }))),
  "100,000 units": body("/ingest", JSON.stringify(sonnet({ units: many({ input: 1 }) }))),
  "a million items": body("/ingest/bulk", `[${"0,".repeat(999_999)}0]`),
  "a property of 1 MiB": body("/ingest", JSON.stringify(sonnet({ properties: { p: "v".repeat(MEBIBYTE) } }))),
};

await body("/ingest", JSON.stringify(sonnet()))();
const before = memoryMib("VmRSS");
const told: Record<string, { readonly statuses: Set<number>; slowestMs: number }> = {};
const left: { readonly heapMib: number; readonly residentMib: number }[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const [name, send] of Object.entries(kinds)) {
    const started = performance.now();
    const status = await send();
    const known = (told[name] ??= { statuses: new Set(), slowestMs: 0 });
    known.statuses.add(status);
    known.slowestMs = Math.max(known.slowestMs, Math.round(performance.now() - started));
  }
  if (round === 0 || round === rounds - 1) {
    left.push({ heapMib: await heap.usedMib(), residentMib: memoryMib("VmRSS") });
  }
}
const peak = memoryMib("VmHWM");
const kindsTold = Object.entries(told).map(([name, { statuses, slowestMs }]) => ({
  name,
  statuses: [...statuses],
  slowestMs,
}));
const sound = kindsTold.every(({ statuses }) => statuses.every((code) => code >= 400 && code < 500));
const residentMib = { before, peak, limit: LIMIT / MEBIBYTE };
console.log(JSON.stringify({ rounds, told: kindsTold, residentMib, leftAfterFirstAndLast: left }, null, 1));
await stop(child, "SIGTERM");
process.exitCode = sound ? 0 : 1;

function memoryMib(line: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
