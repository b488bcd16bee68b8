/** Promises that the repository makes about itself. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);

function readText(path: string): string {
  return readFileSync(new URL(path, root), "utf8");
}

function trackedFiles(): readonly string[] {
  return execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
}

test("the check ends with the README's own test command", () => {
  const last = readText(".ci/run").trim().split("\n").at(-1);
  expect(readText("README.md")).toContain(`${last} `);
});

test("every link in a README or in docs leads to a file", () => {
  const pages = trackedFiles().filter((file) =>
    /^(README|docs\/.*|(packages|apps)\/[^/]+\/README)\.md$/.test(file),
  );
  const missing = pages.flatMap((page) =>
    [...readText(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, target = ""]) => new URL(target, new URL(page, root)).pathname)
      .filter((path) => {
        const relative = path.slice(root.pathname.length);
        return !trackedFiles().some(
          (file) => file === relative || file.startsWith(`${relative.replace(/\/$/, "")}/`),
        );
      }),
  );
  expect(missing).toEqual([]);
});

test("package READMEs are at most 80 lines", () => {
  const long = trackedFiles()
    .filter((file) => /^(packages|apps)\/[^/]+\/README\.md$/.test(file))
    .filter((file) => readText(file).trimEnd().split("\n").length > 80);
  expect(long).toEqual([]);
});
