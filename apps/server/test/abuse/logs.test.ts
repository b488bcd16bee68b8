import { type ChildProcess } from "node:child_process";

import { afterAll, beforeAll, expect, test } from "vitest";

import { type Folder, listening, makeFolder, startPayi, stop } from "../commands/support.ts";
import { TEST_KEY, request, sonnet } from "../support.ts";
import { rawRequest, sendRaw } from "./raw.ts";

const FORGED = '{"level":60,"msg":"forged"}';
const BREAKS = ["\n", "\r\n", "\u2028", "\u2029", "\u001B[31m", "\u009B31m", "\u0085", "\t\v\f"];

let folder: Folder;
let child: ChildProcess;
let url: string;
let log = "";

beforeAll(async () => {
  folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path, PAYI_API_KEY: TEST_KEY, PORT: "0", PAYI_LOG: "trace" };
  child = startPayi(["serve"], environment);
  child.stdout?.on("data", (chunk) => {
    log += String(chunk);
  });
  url = await listening(child);
});
afterAll(async () => {
  await stop(child, "SIGTERM");
  await folder[Symbol.asyncDispose]();
});

test("no text of a caller starts a record of its own, colours a terminal, or fills the log", async () => {
  const headers = { "xproxy-api-key": TEST_KEY };
  for (const text of BREAKS) {
    const hostile = `a${text}${FORGED}`;
    const fields = {
      user_id: hostile,
      use_case_name: hostile,
      provider_response_id: hostile,
      properties: { [hostile]: hostile },
    };
    await request(`${url}/api/v1/ingest`, "POST", sonnet(fields), headers);
    await request(`${url}/api/v1/limits/${encodeURIComponent(hostile)}`, "GET", undefined, headers);
    await sendRaw(url, rawRequest([`xProxy-Api-Key: ${TEST_KEY}`, `xProxy-User-ID: ${hostile}`], "{}"));
    await sendRaw(url, `GET /${text}${FORGED} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  }
  await request(`${url}/api/v1/requests/${"i".repeat(8000)}/result`, "GET", undefined, headers);
  await request(`${url}/api/v1/ingest`, "POST", sonnet({ user_id: "i".repeat(1024 * 1024) }), headers);
  // The stop is logged last, so everything before it has been written.
  await stop(child, "SIGTERM");
  const records = log.split("\n").filter((line) => line.startsWith("{"));
  expect(records.length).toBeGreaterThan(0);
  expect(
    records.map((line) => JSON.parse(line) as { msg: string }).filter(({ msg }) => msg === "forged"),
  ).toEqual([]);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(log).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029]/);
  expect(log.split("\n").filter((line) => line.length > 16_384)).toEqual([]);
  expect(log).not.toContain(TEST_KEY);
});
