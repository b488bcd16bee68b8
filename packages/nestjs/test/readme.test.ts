/** The program of the README runs as it is printed, compiled as Nest programs are. */
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { startPlatform, until } from "../../core/test/support.ts";
import { startModel } from "./support.ts";

/** Compiles a program and everything of the workspace that it imports, and runs it. */
const RUN = `
import { createServer } from "vite";
const resolve = { conditions: ["@payi/source"] };
const server = await createServer({ configFile: false, root: process.argv[1], appType: "custom", resolve, ssr: { resolve }, server: { middlewareMode: true, ws: false, watch: null } });
await server.ssrLoadModule(process.argv[2]);
`;

test("the app in the README serves, meters, and delivers when it is stopped", async () => {
  await using model = await startModel();
  await using platform = await startPlatform();
  const reserved = createServer().listen(0);
  const { port } = reserved.address() as AddressInfo;
  await new Promise((resolve) => reserved.close(resolve));
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const program = /```ts\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  // Beside the tests, where a tsconfig for decorators is the nearest.
  const file = fileURLToPath(new URL("readme-example.ts", import.meta.url));
  writeFileSync(file, program.replace("3000", String(port)));
  const root = fileURLToPath(new URL("..", import.meta.url));
  const child = spawn(process.execPath, ["--input-type=module", "-e", RUN, root, file], {
    cwd: root,
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      PAYI_API_KEY: "test",
      PAYI_BASE_URL: platform.url,
      ANTHROPIC_API_KEY: "test",
      ANTHROPIC_BASE_URL: `http://${model.host}`,
    },
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  try {
    const ask = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/trails`, { method: "POST", headers: { "x-user": "jane" } });
    let answer: Response | undefined;
    const deadline = Date.now() + 60_000;
    while (answer === undefined) {
      if (Date.now() > deadline) throw new Error(`The program does not serve: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await ask().catch(() => undefined);
    }
    expect([answer.status, await answer.json()]).toEqual([201, [{ type: "text", text: "Go to Moab." }]]);
    child.kill("SIGTERM");
    await until(() => child.exitCode !== null || child.signalCode !== null, "the end of the program");
    expect(platform.events).toMatchObject([{ useCaseName: "trail_finder", userId: "jane" }]);
    expect(platform.scores.some(({ path }) => path.endsWith("/kpis/found_something"))).toBe(true);
  } finally {
    child.kill("SIGKILL");
    rmSync(file);
  }
});
