/** Each package as npm would hand it out: packed, installed into an empty project, imported by Node, used. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

const packages = new URL("../packages/", import.meta.url).pathname;
const NAMES = readdirSync(packages);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

let project: string;
afterAll(() => rmSync(project, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd: string): string {
  // What pnpm tells the scripts it starts is meant for pnpm; npm would heed it as its own settings.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
  const env = { ...Object.fromEntries(inherited), PAYI_API_KEY: "test", PAYI_BASE_URL: "http://127.0.0.1:9" };
  return execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "payi-published-"));
  const pack = ["-r", "--filter", "./packages/*", "pack", "--pack-destination", project];
  // The pnpm that runs the tests, where one does: fetching it again would ask the registry.
  const pnpm = process.env["npm_execpath"];
  if (pnpm !== undefined && /^pnpm\b/.test(basename(pnpm))) run(pnpm, pack, packages);
  else run("npx", ["--yes", "--prefer-offline", "pnpm@12", ...pack], packages);
  const tarballs = readdirSync(project).filter((file) => file.endsWith(".tgz"));
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }');
  // Without frameworks, which are the application's: those of the workspace are put beside.
  const quiet = ["--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts"];
  run("npm", ["install", ...quiet, ...tarballs.map((file) => `./${file}`)], project);
  for (const name of NAMES) linkFrameworks(name);
});

function linkFrameworks(name: string): void {
  for (const framework of Object.keys(readManifest(join(packages, name)).peerDependencies ?? {})) {
    const target = join(packages, name, "node_modules", framework);
    const link = join(project, "node_modules", framework);
    mkdirSync(dirname(link), { recursive: true });
    if (!existsSync(link)) symlinkSync(target, link);
  }
}

test.for(NAMES)("packages/%s names what it needs by version, and no file that is not in it", (name) => {
  const { name: published, version } = readManifest(join(packages, name));
  const installed = join(project, "node_modules", published);
  const manifest = readManifest(installed);
  expect(manifest.dependencies ?? {}).toEqual(name === "core" ? {} : { "@payi/core": `^${version}` });
  const text = JSON.stringify(manifest.exports);
  expect(text).not.toContain("@payi/source");
  const files = [...text.matchAll(/"(\.\/[^"]+\.(?:js|d\.ts|json))"/g)].map(([, file = ""]) => file);
  expect(files.filter((file) => !existsSync(join(installed, file)))).toEqual([]);
  const content = readdirSync(installed).filter((file) => file !== "LICENSE");
  expect(content.toSorted()).toEqual(["README.md", "dist", "package.json", "src"]);
});

test("every entry of every package can be imported by Node as it is", () => {
  const entries = NAMES.map((name) => readManifest(join(packages, name))).flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => name + entry.slice(1)),
  );
  const program = `
    const loaded = await Promise.all(${JSON.stringify(entries)}.map((entry) => import(entry)));
    await (await import("@payi/core")).close({ timeoutMs: 0 });
    console.log(JSON.stringify(loaded.map((names) => Object.keys(names).length)));`;
  const counts = JSON.parse(
    run(process.execPath, ["--input-type=module", "--eval", program], project),
  ) as number[];
  // Core's register is there for what it does.
  expect(entries.filter((_entry, index) => counts[index] === 0)).toEqual(["@payi/core/register"]);
});
