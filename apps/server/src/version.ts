import { readFileSync } from "node:fs";

/** The version of this package, the same from sources and from dist. */
export const PROGRAM_VERSION: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
