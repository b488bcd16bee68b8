import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** True when the starter runs from its sources and not from what was built. */
const FROM_SOURCE = import.meta.url.endsWith(".ts");

/** File of the `payi` command, found through the package's own `bin`. */
export function platformProgram(): string {
  const manifest = import.meta.resolve("@payi/server/package.json");
  const { bin } = JSON.parse(readFileSync(fileURLToPath(manifest), "utf8")) as { bin: { payi: string } };
  const program = FROM_SOURCE ? bin.payi.replace("/dist/", "/src/").replace(/\.js$/, ".ts") : bin.payi;
  return fileURLToPath(new URL(program, manifest));
}

/** File of one of Trailblazer's own programs. */
export function ownProgram(name: "server" | "provider-simulator"): string {
  return fileURLToPath(new URL(`../${name}${FROM_SOURCE ? ".ts" : ".js"}`, import.meta.url));
}
