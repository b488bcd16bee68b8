import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

/** The files that a page of the docs tells to write, by the comment in the first line of each program. */
export function filesOf(page: string): Readonly<Record<string, string>> {
  const text = readFileSync(new URL(page, root), "utf8");
  const blocks = [...text.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  if (blocks.length === 0) throw new Error(`${page} has no program with a file name in its first line.`);
  return Object.fromEntries(blocks.map(([, file = "", code = ""]) => [file, code]));
}

export interface Recipe {
  /** Relative to the repository. */
  readonly folder: string;
  /** The adapter that the page tells to write. */
  readonly entry: string;
  readonly release: () => void;
}

/** Writes the files into a folder where their imports resolve. */
export function writeRecipe(page: string): Recipe {
  const parent = new URL("test/recipe-", root).pathname;
  const path = mkdtempSync(parent);
  for (const [file, code] of Object.entries(filesOf(page))) writeFileSync(`${path}/${file}`, code);
  const release = (): void => rmSync(path, { recursive: true, force: true });
  return { folder: `${path.slice(root.pathname.length)}/`, entry: `${path}/payi.ts`, release };
}
