/** The arrows of docs/architecture.md: which folder may import which. */
import { readFileSync, readdirSync } from "node:fs";

import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

/** Every import of every source file, relative ones resolved against the repository. */
function importsBelow(folder: string): Import[] {
  const files = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => {
      const path = `${folder}${file}`;
      // Code that a source shows to its readers stands in template literals.
      const text = readFileSync(new URL(path, root), "utf8").replaceAll(/`[^`]*`/g, "``");
      return [...text.matchAll(/(?:import|export)\s([^;'"]*?)from\s+"([^"]+)"/g)].map(
        ([, names = "", target = ""]) => ({
          file: path,
          target: target.startsWith(".")
            ? new URL(target, new URL(path, root)).pathname.slice(root.pathname.length)
            : target,
          typeOnly: names.startsWith("type ") || /^\{(?:\s*type [^,}]+,?)+\s*\}\s*$/.test(names),
        }),
      );
    });
}

const core = importsBelow("packages/core/src/");
const server = importsBelow("apps/server/src/");

function broken(imports: readonly Import[], from: RegExp, to: RegExp): string[] {
  return imports
    .filter(({ file, target, typeOnly }) => !typeOnly && from.test(file) && to.test(target))
    .map(({ file, target }) => `${file} → ${target}`);
}

test("there are sources to look at", () => {
  expect([core.length > 100, server.length > 100]).toEqual([true, true]);
});

test("core needs nothing but Node, and of Node only what every runtime has", () => {
  const outside = core.filter(({ target }) => !target.startsWith("packages/core/src/"));
  expect(outside.map(({ target }) => target)).toEqual(["node:async_hooks"]);
});

test("adapters depend on core and their framework alone", () => {
  const adapters = readdirSync(new URL("packages/", root)).filter((name) => name !== "core");
  expect(adapters.length).toBeGreaterThan(1);
  const strangers = adapters.flatMap((name) => {
    const folder = `packages/${name}/`;
    const manifest = JSON.parse(readFileSync(new URL(`${folder}package.json`, root), "utf8")) as {
      readonly peerDependencies: object;
    };
    const known = ["@payi/core", ...Object.keys(manifest.peerDependencies)];
    return importsBelow(`${folder}src/`)
      .filter(
        ({ target, typeOnly }) => !target.startsWith(folder) && !(typeOnly && target.startsWith("node:")),
      )
      .filter(({ target }) => !known.some((one) => target === one || target.startsWith(`${one}/`)))
      .map(({ file, target }) => `${file} → ${target}`);
  });
  expect(strangers).toEqual([]);
});

test("inside core the arrows point down", () => {
  const arrows: readonly (readonly [from: RegExp, never: RegExp])[] = [
    [/core\/src\/wire\//, /core\/src\/(client|cost|ingest|instrument|limits|providers)\//],
    [
      /core\/src\/cost\//,
      /core\/src\/(client|ingest|instrument|limits|providers)\/|call\.ts|instance\.ts|context\.ts/,
    ],
    [
      /core\/src\/providers\//,
      /core\/src\/(client|cost|ingest|instrument|limits)\/|call\.ts|instance\.ts|context\.ts/,
    ],
    [
      /core\/src\/(money|errors|usage|stats|logger|kpis)\.ts/,
      /core\/src\/(client|cost|ingest|instrument|limits|providers)\//,
    ],
    [
      /core\/src\/(ingest|limits|client)\//,
      /core\/src\/providers\/|instrument\/(?!original-fetch)|call\.ts|instance\.ts/,
    ],
  ];
  expect(arrows.flatMap(([from, never]) => broken(core, from, never))).toEqual([]);
});

test("in the server, routes reach the store only through the domain, the domain knows no HTTP, the store no route", () => {
  expect(broken(server, /server\/src\/domain\//, /server\/src\/(routes|http|commands)\/|fastify/)).toEqual(
    [],
  );
  expect(
    broken(server, /server\/src\/store\//, /server\/src\/(routes|http|commands|domain)\/|fastify/),
  ).toEqual([]);
  expect(broken(server, /server\/src\/(routes|http)\//, /server\/src\/store\/sqlite\//)).toEqual([]);
});

test("the server never imports Trailblazer, and the dashboard takes only types from core's wire", () => {
  expect(broken(server, /./, /trailblazer/)).toEqual([]);
  const dashboard = importsBelow("apps/dashboard/src/");
  expect(broken(dashboard, /./, /@payi\/(?!core\/wire)/)).toEqual([]);
});
