/** Paths that can be known at start to lead nowhere. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { resolveConfig } from "../../src/config.ts";
import { ConfigurationError } from "../../src/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "payi-paths-"));
const file = join(folder, "notes.txt");
const sealed = join(folder, "sealed");
writeFileSync(file, "[]");
mkdirSync(sealed);
chmodSync(sealed, 0o500);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function offline(fileName: string | undefined): unknown {
  return resolveConfig({ config: { offlineInstrumentation: { fileName } } }, undefined).delivery.offline;
}

function spool(directory: string, mode?: "memory"): unknown {
  return resolveConfig({ config: { spool: { directory, mode } } }, undefined).delivery.spool;
}

test.for<readonly [path: string, rule: string]>([
  [folder, "is a folder"],
  [join(folder, "missing", "events.json"), "which is no folder"],
  [join(file, "events.json"), "which is no folder"],
])(
  "an offline file that could never be written was found out at its first event, or by a raw error: %s",
  ([path, rule]) => {
    expect(() => offline(path)).toThrow(ConfigurationError);
    for (const word of ["config.offlineInstrumentation.fileName", rule])
      expect(() => offline(path)).toThrow(word);
  },
);

// Nothing is closed to root.
test.skipIf(process.getuid?.() === 0)(
  "an offline file in a folder that may not be written is refused",
  () => {
    expect(() => offline(join(sealed, "events.json"))).toThrow("cannot be written");
  },
);

test("an offline file that can be made, or continued, is not touched at start", () => {
  const fresh = join(folder, "events.json");
  expect([offline(fresh), offline(file), offline(undefined)]).toEqual([
    { fileName: fresh },
    { fileName: file },
    { fileName: undefined },
  ]);
  expect(existsSync(fresh)).toBe(false);
});

test.for([file, join(file, "spool")])("a file was accepted as the folder of the spool: %s", (directory) => {
  expect(() => spool(directory)).toThrow(ConfigurationError);
  for (const word of ["config.spool.directory", "is a file"]) expect(() => spool(directory)).toThrow(word);
});

test("a folder of the spool that is missing is made later, and without a spool nobody looks", () => {
  expect(spool(join(folder, "a", "b"))).toMatchObject({ directory: join(folder, "a", "b") });
  expect(existsSync(join(folder, "a"))).toBe(false);
  expect(spool(file, "memory")).toMatchObject({ mode: "memory" });
});
