import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** A package as an application in some folder would load it. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string;
}

/** The nearest installed copy, as Node looks for it: upwards from `directory`. Undefined when there is none. */
export function findPackage(name: string, directory: string): FoundPackage | undefined {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    try {
      const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
      const { version } = JSON.parse(text) as { version?: unknown };
      if (typeof version === "string") return { name, version };
    } catch {
      // Not here; perhaps further up.
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** True when `version` is at least `minimum`; both as `1.2.3`, what comes after a dash is not looked at. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [left, right] = [version, minimum].map((text) => (text.split("-")[0] ?? "").split(".").map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
