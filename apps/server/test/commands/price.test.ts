import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { makeFolder, payi } from "./support.ts";

const VECTOR = {
  id: "a",
  provider: "openai",
  model: "gpt-5",
  date: "2026-09-10T12:00:00Z",
  usage: { text: { input: 1000, output: 500 } },
  modifiers: {},
};

test("calls in a file are priced one line each, exactly, and an unknown one has no amount", async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, "calls.jsonl");
  await writeFile(
    file,
    `${JSON.stringify(VECTOR)}\n\n${JSON.stringify({ ...VECTOR, id: "b", model: "?" })}\n`,
  );
  const { code, out } = await payi(["price", file], {});
  const [known, unknown] = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(known).toMatchObject({ id: "a", status: "priced", input: "0.00125", total: "0.00625" });
  expect(unknown).toMatchObject({ id: "b", status: "unknown_model", input: null, total: null, rates: [] });
  expect(code).toBe(0);
});

test("one file of vectors is read as well, with prices of its own", async () => {
  await using folder = await makeFolder();
  const file = join(folder.path, "calls.json");
  const own = {
    ...VECTOR,
    id: "own",
    category: "mine",
    usage: { page: { input: 3 } },
    modifiers: {
      custom_resource_versions: [{ start: "2026-01-01T00:00:00Z", units: { page: { input: "0.01" } } }],
    },
  };
  await writeFile(file, JSON.stringify({ vectors: [VECTOR, own] }, null, 1));
  const { out } = await payi(["price", file], {});
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { total: string }).total),
  ).toEqual(["0.00625", "0.03"]);
});

test("a line that cannot be read is told by its number, and the others are priced", async () => {
  const main = new URL("../../src/main.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=@payi/source", main, "price"]);
  let out = "";
  child.stdout.on("data", (chunk: unknown) => {
    out += String(chunk);
  });
  child.stdin.end(`${JSON.stringify(VECTOR)}\n{broken\n${JSON.stringify({ id: "c" })}\n`);
  const [code] = (await once(child, "close")) as [number];
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { id: "a" },
    { id: null, line: 2, error: expect.stringContaining("no JSON") },
    { id: "c", line: 3, error: expect.stringContaining("provider") },
  ]);
  expect(code).toBe(1);
});

test("a call described by options is a table with every rate and its source, to the last decimal", async () => {
  const usage = ["--input", "12_000", "--cached", "8000", "--output", "900", "--date", "2026-09-10"];
  const { code, out } = await payi(["price", "gpt-5", ...usage], {});
  expect(code).toBe(0);
  // 12,000 × $1.25 + 8,000 × $0.125 + 900 × $10, each per million.
  expect(out).toContain("input $0.016 · output $0.009 · other $0 · total $0.025");
  expect(out).toMatch(/text_cache_read +8,000 +× \$0\.125 \/ 1,000,000 += \$0\.001 +https:\/\//);
});

test("a model without a price prints no amount and ends with 1; a wrong count names itself", async () => {
  const unknown = await payi(["price", "gpt-7-quantum", "--input", "5"], {});
  expect([unknown.code, unknown.out.includes("$")]).toEqual([1, false]);
  expect(unknown.out).toContain("unknown is not zero");
  expect((await payi(["price", "gpt-5", "--input", "many"], {})).error).toContain("--input=many is no count");
  expect((await payi(["price", "--input", "5"], {})).error).toContain("Which model?");
});

test("payi price --help shows the shape; a missing file says what to do", async () => {
  expect((await payi(["price", "--help"], {})).out).toContain('"usage": {"text"');
  expect((await payi(["price", "a", "b"], {})).error).toContain("payi price --help");
  expect((await payi(["price", "/nowhere/x"], {})).error).toContain("/nowhere/x cannot be read");
});

test("payi reprice says what would change, then changes it once, and verify agrees", async () => {
  await using folder = await makeFolder();
  const environment = { PAYI_DATA_DIR: folder.path };
  const file = join(folder.path, "events.json");
  const event = {
    category: "system.openai",
    resource: "gpt-5",
    units: { text: { input: 1000, output: 500 } },
    event_timestamp: "2026-09-10T12:00:00Z",
  };
  await writeFile(file, JSON.stringify([event]));
  await payi(["import", file], environment);
  const dry = await payi(["reprice", "--from", "2026-09-01", "--dry-run"], environment);
  expect(dry.out).toContain("all: +0 USD");
  expect(dry.out).toContain("1 requests looked at");
  const done = await payi(["reprice", "--from", "2026-09-01", "--to", "2026-10-01"], environment);
  expect([done.code, done.error]).toEqual([0, ""]);
  expect((await payi(["verify"], environment)).code).toBe(0);
  const wrong = await payi(["reprice"], environment);
  expect([wrong.code, wrong.error]).toEqual([1, expect.stringContaining("from is required")]);
});
