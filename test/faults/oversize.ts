/**
 * Sends a server what is too large in every way, again and again: `node --conditions=@payi/source test/faults/oversize.ts
 * [rounds]`. Prints the slowest answer of each kind, and the server's memory before and at its peak.
 */
/* oxlint-disable no-await-in-loop -- one at a time, so that each has a time of its own */
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { sendRaw } from "../../apps/server/test/abuse/raw.ts";
import { listening, makeFolder, startPayi, stop } from "../../apps/server/test/commands/support.ts";
import { TEST_KEY, request, sonnet } from "../../apps/server/test/support.ts";

const MEBIBYTE = 2 ** 20;
/** The largest body that is accepted. */
const LIMIT = 16 * MEBIBYTE;
const rounds = Number(process.argv[2] ?? 10);

await using folder = await makeFolder();
const child = startPayi(["serve"], { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: TEST_KEY, PORT: "0" });
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
const told: Record<string, { readonly statuses: readonly number[]; readonly slowestMs: number }> = {};
for (const [name, send] of Object.entries(kinds)) {
  const statuses = new Set<number>();
  let slowest = 0;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    statuses.add(await send());
    slowest = Math.max(slowest, performance.now() - started);
  }
  told[name] = { statuses: [...statuses], slowestMs: Math.round(slowest) };
}
const peak = memoryMib("VmHWM");
const sound = Object.values(told).every(({ statuses }) =>
  statuses.every((code) => code >= 400 && code < 500),
);
console.log(
  JSON.stringify({ rounds, told, residentMib: { before, peak, limit: LIMIT / MEBIBYTE } }, null, 1),
);
await stop(child, "SIGTERM");
process.exitCode = sound ? 0 : 1;

function memoryMib(line: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}
