import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { describe, expect, test } from "vitest";

import { request, sonnet } from "../support.ts";
import { MAIN, listening, makeFolder, payi, startPayi, stop } from "./support.ts";

describe("payi serve", () => {
  test("answers with the key of the environment, stops on SIGTERM with 0, and keeps its data", async () => {
    await using folder = await makeFolder();
    const environment = { PORT: "0", PAYI_DATA_DIR: folder.path, PAYI_API_KEY: "from-environment" };
    const headers = { "xproxy-api-key": "from-environment" };
    const first = startPayi(["serve"], environment);
    const url = await listening(first);
    expect((await request(`${url}/healthz`, "GET")).status).toBe(200);
    expect((await request(`${url}/readyz`, "GET")).status).toBe(200);
    const event = sonnet({ provider_response_id: "kept" });
    expect((await request(`${url}/api/v1/ingest`, "POST", event, headers)).status).toBe(200);
    const stream = await fetch(`${url}/api/v1/events/stream`);
    expect(await stop(first, "SIGTERM")).toBe(0);
    await stream.text();

    const second = startPayi(["serve"], environment);
    const again = await request(`${await listening(second)}/api/v1/ingest`, "POST", event, headers);
    expect(again.body.xproxy_result.duplicate_request).toBe(true);
    expect(await stop(second, "SIGINT")).toBe(0);
  });

  test("without a key makes one, keeps it in a file of its owner alone, and takes it again", async () => {
    await using folder = await makeFolder();
    const environment = { PORT: "0", PAYI_DATA_DIR: folder.path };
    const file = `${folder.path}/development-key`;
    for (let turn = 0; turn < 2; turn += 1) {
      const child = startPayi(["serve"], environment);
      // oxlint-disable-next-line no-await-in-loop -- one start after the other
      const url = await listening(child);
      // oxlint-disable-next-line no-await-in-loop
      const key = (await readFile(file, "utf8")).trim();
      // oxlint-disable-next-line no-await-in-loop
      const answer = await request(`${url}/api/v1/limits`, "GET", undefined, {
        authorization: `Bearer ${key}`,
      });
      expect(answer.status).toBe(200);
      // oxlint-disable-next-line no-await-in-loop
      await stop(child, "SIGTERM");
    }
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("a taken port is told with the variable and the way out", async () => {
    await using folder = await makeFolder();
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => {
      other.once("listening", resolve);
    });
    const { port } = other.address() as AddressInfo;
    const { code, out, error } = await payi(["serve"], { PORT: String(port), PAYI_DATA_DIR: folder.path });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toContain(`Port ${port}`);
    expect(error).toContain("set PORT");
    expect(error).not.toContain("    at ");
    other.close();
  });

  test("ends when the process that started it is gone", async () => {
    await using folder = await makeFolder();
    const parent = startPayi(["serve"], { PORT: "0", PAYI_DATA_DIR: `${folder.path}/parent` });
    await listening(parent);
    const child = startPayi(["serve"], {
      PORT: "0",
      PAYI_DATA_DIR: `${folder.path}/child`,
      PAYI_PARENT_PID: String(parent.pid),
    });
    await listening(child);
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    await stop(parent, "SIGKILL");
    expect(await ended).toBe(0);
  });

  test("ends when the shell of the package script that started it is gone", async () => {
    await using folder = await makeFolder();
    const shell = spawn(
      "sh",
      ["-c", `"${process.execPath}" --conditions=@payi/source "${MAIN}" serve; true`],
      {
        env: {
          PATH: process.env["PATH"],
          NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
          PORT: "0",
          PAYI_DATA_DIR: folder.path,
          npm_config_user_agent: "pnpm",
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const url = await listening(shell);
    const closed = once(shell, "close");
    shell.kill("SIGKILL");
    // The server has the same pipes: they close when it has ended, too.
    await closed;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
  });

  test("a setting that is wrong is told without a stack trace", async () => {
    const { code, out, error } = await payi(["serve"], { PORT: "x" });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(error).toMatch(/^PORT=x .*\n$/);
  });
});
