/** What keeps a process alive while the platform is silent. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const application = fileURLToPath(new URL("idle-application.ts", import.meta.url));

/** What the application prints, with a platform that answers after `afterMs`, or never. */
async function outputOf(kind: "idle" | "busy", afterMs?: number): Promise<string> {
  const server = createServer((_request, response) => {
    if (afterMs !== undefined) setTimeout(() => response.end('{"results":[],"errors":[]}'), afterMs);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const child = spawn(process.execPath, ["--conditions=@payi/source", application, kind], {
    env: { ...process.env, PAYI_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    return await text(child.stdout);
  } finally {
    child.kill();
    server.closeAllConnections();
    server.close();
  }
}

test("several silent requests of ours kept an idle process alive until they timed out", async () => {
  expect(await outputOf("idle")).toBe("NetworkError\nNetworkError\n");
});

test("a slow platform is waited for while the application has something to do", async () => {
  expect(await outputOf("busy", 2_500)).toBe("answered\nanswered\n");
});
