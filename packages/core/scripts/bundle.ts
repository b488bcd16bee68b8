/**
 * Writes what the package runs: each entry as one file, and what entries share as a few more, since finding, reading and
 * linking two hundred modules was most of what a start took. Names and lines stay readable, and maps lead to the sources,
 * which are in the package; the compiler writes the types.
 */
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { type Plugin, build } from "vite";

const root = new URL("../", import.meta.url);
const folder = new URL("dist/bundle/", root);

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly "@payi/source": string }>>;
}

/** Entry's name → its source, for every entry that the package exports. */
function readEntries(): Record<string, string> {
  const { exports } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Manifest;
  const sources = Object.values(exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [entry["@payi/source"]],
  );
  return Object.fromEntries(
    sources.map((source) => [
      source.slice("./src/".length, -".ts".length),
      fileURLToPath(new URL(source, root)),
    ]),
  );
}

/** The catalogue as text that is parsed at the first look: most processes start long before they price anything. */
function lazyCatalog(): Plugin {
  return {
    name: "lazy-catalog",
    enforce: "pre",
    load(id) {
      if (!id.endsWith("/src/cost/catalog.json")) return null;
      const text = JSON.stringify(JSON.parse(readFileSync(id, "utf8")));
      const fields = Object.keys(JSON.parse(text) as object);
      const getters = fields.map((field) => `get ${field}() { return read().${field}; }`);
      const code = `
        let parsed;
        const read = () => (parsed ??= JSON.parse(${JSON.stringify(text)}));
        export default { ${getters.join(", ")} };`;
      return { code, moduleType: "js", map: null };
    },
  };
}

const result = await build({
  configFile: false,
  root: fileURLToPath(root),
  logLevel: "warn",
  plugins: [lazyCatalog()],
  build: {
    ssr: true,
    outDir: fileURLToPath(folder),
    // Whoever runs from there meanwhile finds every file.
    emptyOutDir: false,
    target: "es2023",
    sourcemap: true,
    rolldownOptions: {
      input: readEntries(),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name].js",
        sourcemapExcludeSources: true,
      },
    },
  },
});
const written = [result].flat().flatMap((part) => ("output" in part ? part.output : []));
const current = new Set(written.map(({ fileName }) => fileName));
for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (/\.js(?:\.map)?$/.test(file) && !current.has(file.replaceAll("\\", "/"))) rmSync(new URL(file, folder));
}
