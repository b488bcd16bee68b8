import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { dirname, join } from "node:path";

import { expect, test } from "vitest";

import { findPackage, isAtLeast } from "../../src/commands/found-packages.ts";
import { listening, makeFolder, payi, startPayi, stop } from "./support.ts";

const KEY = "payi_live_0123456789abcdef";

/** Puts packages into a folder's node_modules, as far as anybody looks. */
async function install(folder: string, packages: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, version] of Object.entries(packages)) {
    const file = join(folder, "node_modules", name, "package.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ name, version }));
  }
}

test("a good set-up is told with its versions, and of the key no more than four characters", async () => {
  await using folder = await makeFolder();
  await install(folder.path, {
    "@payi/core": "0.1.0",
    openai: "7.55.0",
    "@anthropic-ai/sdk": "1.11.0",
    next: "16.4.6",
  });
  const server = startPayi(["serve"], {
    PAYI_DATA_DIR: join(folder.path, "data"),
    PORT: "0",
    PAYI_API_KEY: KEY,
  });
  const url = await listening(server);
  const { code, out, error } = await payi(["doctor", folder.path], { PAYI_API_KEY: KEY, PAYI_BASE_URL: url });
  await stop(server, "SIGTERM");
  expect({ code, error }).toEqual({ code: 0, error: "" });
  for (const word of [
    "Node 24",
    "@payi/core 0.1.0",
    "openai 7.55.0: metered",
    "withPayi",
    "…cdef",
    "takes events from the key",
  ]) {
    expect(out).toContain(word);
  }
  expect(out).not.toContain(KEY.slice(0, -4));
  expect(out).not.toContain("fedcba");
});

test("what is wrong is told with what to do, and the exit code is 1", async () => {
  await using folder = await makeFolder();
  await install(folder.path, { openai: "4.104.0" });
  const nobody = createServer();
  await new Promise<void>((resolve) => nobody.listen(0, "127.0.0.1", resolve));
  const { port } = nobody.address() as AddressInfo;
  await new Promise((resolve) => nobody.close(resolve));
  const { code, out } = await payi(["doctor", folder.path], {
    PAYI_API_KEY: "",
    PAYI_BASE_URL: `http://127.0.0.1:${port}`,
  });
  expect(code).toBe(1);
  for (const word of [
    "@payi/core is not installed",
    "npm install @payi/core",
    "openai 4.104.0: not metered",
    "wrapFetch(fetch)",
    "PAYI_API_KEY is not set",
    "cannot be reached",
    "payi serve",
  ]) {
    expect(out).toContain(word);
  }
});

test("a refused key, a wrong address and a missing one in production are told apart", async () => {
  await using folder = await makeFolder();
  const server = startPayi(["serve"], {
    PAYI_DATA_DIR: join(folder.path, "data"),
    PORT: "0",
    PAYI_API_KEY: KEY,
  });
  const url = await listening(server);
  const say = async (environment: Record<string, string>): Promise<string> =>
    (await payi(["doctor", folder.path], environment)).out;
  expect(await say({ PAYI_API_KEY: "payi_live_of_another_one", PAYI_BASE_URL: url })).toContain(
    "refuses the key",
  );
  expect(await say({ PAYI_API_KEY: KEY, PAYI_BASE_URL: "localhost:4470" })).toContain("not an http(s) URL");
  expect(await say({ PAYI_API_KEY: KEY, NODE_ENV: "production" })).toContain("PAYI_BASE_URL is not set");
  expect(await say({ PAYI_API_KEY: "short", PAYI_BASE_URL: url })).not.toContain("short");
  await stop(server, "SIGTERM");
});

test("a key that may not report is no good one, one that may do nothing else is, and a page is no platform", async () => {
  await using folder = await makeFolder();
  await install(folder.path, { "@payi/core": "0.1.0" });
  const data = { PAYI_DATA_DIR: join(folder.path, "data") };
  const server = startPayi(["serve"], { ...data, PORT: "0", PAYI_API_KEY: KEY });
  const url = await listening(server);
  const say = async (key: string, address: string): Promise<{ code: number | null; out: string }> =>
    payi(["doctor", folder.path], { PAYI_API_KEY: key, PAYI_BASE_URL: address });
  const keyOf = async (scope: string): Promise<string> => {
    const { out } = await payi(["keys", "create", "--name", scope, "--scope", scope], data);
    return /payi_[\w-]{20,}/.exec(out)?.[0] ?? "";
  };
  const reading = await say(await keyOf("read"), url);
  const reporting = await say(await keyOf("ingest"), url);
  await stop(server, "SIGTERM");
  expect(reading.code).toBe(1);
  expect(reading.out).toContain("takes no events from this key");
  expect(reading.out).toContain("--scope ingest");
  expect(reporting.out).toContain("takes events from the key");
  expect(reporting.code).toBe(0);
  const page = createServer((_request, response) => void response.end("<html>an app</html>"));
  await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
  const { port } = page.address() as AddressInfo;
  const { code, out } = await say(KEY, `http://127.0.0.1:${port}`);
  page.closeAllConnections();
  await new Promise((resolve) => page.close(resolve));
  expect(code).toBe(1);
  expect(out).toContain("something else than a platform's answer");
});

test("versions are compared by number, and packages found as Node finds them", async () => {
  expect([
    isAtLeast("10.2.0", "9.9.9"),
    isAtLeast("5.0.0-beta.1", "5.0.0"),
    isAtLeast("4.99.0", "5.0.0"),
  ]).toEqual([true, true, false]);
  await using folder = await makeFolder();
  await install(folder.path, { openai: "6.1.0" });
  expect(findPackage("openai", join(folder.path, "src", "deep"))).toEqual({
    name: "openai",
    version: "6.1.0",
  });
  expect(findPackage("nothing-of-this-name", folder.path)).toBeUndefined();
});
