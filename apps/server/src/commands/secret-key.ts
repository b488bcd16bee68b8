import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The key that secrets in the database are encrypted with, in a file of the data folder that only its owner can read. */
export function secretKey(dataDirectory: string): string {
  const file = join(dataDirectory, "secret-key");
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text !== "") return text;
  } catch {
    // The first start.
  }
  const text = randomBytes(32).toString("base64url");
  try {
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" });
    return text;
  } catch {
    // Another process was quicker.
    return readFileSync(file, "utf8").trim();
  }
}
