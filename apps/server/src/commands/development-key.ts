import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { newKeyText } from "../domain/keys.ts";

/** The key for development, kept in a file that only its owner can read; made at the first start. */
export function developmentKey(dataDirectory: string): string {
  const file = join(dataDirectory, "development-key");
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text !== "") return text;
  } catch {
    // The first start.
  }
  const text = newKeyText();
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  return text;
}
