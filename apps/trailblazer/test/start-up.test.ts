import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

const STATIC_IMPORT = /^(?:import|export)\b(?:[^;]*?\bfrom)?\s*"([^"]+)";/gm;

/** The packages that a program loads before it runs; an import of types alone loads its module, too. */
function packagesOf(file: URL, seen: Set<string> = new Set(), found: Set<string> = new Set()): Set<string> {
  if (seen.has(file.href)) return found;
  seen.add(file.href);
  for (const [, source = ""] of readFileSync(file, "utf8").matchAll(STATIC_IMPORT)) {
    if (source.startsWith(".")) packagesOf(new URL(source, file), seen, found);
    else found.add(source);
  }
  return found;
}

test("a framework that only some features need is not loaded before the first of them is used", () => {
  const atStart = packagesOf(new URL("../src/server.ts", import.meta.url));
  expect(atStart).toContain("express");
  expect([...atStart].filter((name) => /nest|langchain|^ai$|ai-sdk|rxjs|reflect/.test(name))).toEqual([]);
  const photos = packagesOf(new URL("../src/analysis/photos-app.ts", import.meta.url));
  expect(photos).toContain("@nestjs/core");
});
