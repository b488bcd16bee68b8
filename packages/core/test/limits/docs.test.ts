/** The program in docs/limits.md runs as it is printed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

import { expect, test } from "vitest";

import { startLoopback } from "../support.ts";
import { startLimitPlatform } from "./limit-platform.ts";
import { blockLimit } from "./limited.ts";

test("the program makes its limit, and prints what a limit said that refused", async () => {
  const text = readFileSync(new URL("../../../../docs/limits.md", import.meta.url), "utf8");
  const code = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  await using platform = await startLimitPlatform();
  platform.book.put(blockLimit("team", { max: 1n, selector: { useCaseName: "trail_finder" } }));
  const context = { category: "system.openai", useCaseName: "trail_finder" };
  platform.book.charge({ context, limitIds: undefined }, undefined, 2n);
  await using provider = await startLoopback((_request, response) => void response.end("{}"));
  // Beside its package, where its imports resolve as they would for a reader.
  const file = new URL("../../limits-program.ts", import.meta.url);
  // On a busy machine the first check of a process may take longer than the 200 ms that it has by default.
  const patient = "payiInstrument({ config: { limitCheckTimeoutMs: 20_000 } });";
  expect(code).toContain("\npayiInstrument();");
  writeFileSync(file, code.replace("payiInstrument();", patient));
  try {
    const child = spawn(process.execPath, ["--conditions=@payi/source", file.pathname], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        PAYI_API_KEY: "k",
        PAYI_BASE_URL: platform.url,
        OPENAI_API_KEY: "k",
        OPENAI_BASE_URL: `${provider.url}/v1`,
      },
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(output).toMatch(/^The team budget use_case_name=trail_finder 0\.000000000000000002 0 /);
  } finally {
    rmSync(file);
  }
  expect(provider.received).toEqual([]);
  const created = [...platform.book.limits.values()].find(({ per }) => per === "user_id");
  expect(created).toMatchObject({ limitName: "Trails per user and day", max: 2n * 10n ** 18n });
});
