import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { expect, inject, test } from "vitest";

const BUDGET_BYTES = 250_000;

test("the first load stays within 250 KB gzip before charts, with nothing inline", async () => {
  const page = await readFile(join(inject("builtDashboard"), "index.html"), "utf8");
  expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/);
  const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? "");
  const sizes = await Promise.all(
    named.map(async (name) => gzipSync(await readFile(join(inject("builtDashboard"), name))).length),
  );
  expect(named.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, size) => sum + size, gzipSync(page).length)).toBeLessThan(BUDGET_BYTES);
  const scripts = (await readdir(join(inject("builtDashboard"), "assets"))).filter((name) =>
    name.endsWith(".js"),
  );
  expect(scripts.length).toBeGreaterThan(named.filter((name) => name.endsWith(".js")).length);
});
