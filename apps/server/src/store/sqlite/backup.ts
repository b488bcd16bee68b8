import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { type VerifyFinding } from "../query.ts";
import { verify } from "../sql/verify.ts";
import { Connection } from "./connection.ts";
import { drive } from "./drive.ts";

/**
 * Copies the database as it is at one moment, while servers go on writing, and reads the copy through. The target
 * appears under its name only when nothing was found in it.
 *
 * @throws {Error} when the target exists or cannot be written.
 */
export function backUp(file: string, target: string): readonly VerifyFinding[] {
  if (existsSync(target))
    throw new Error(`${target} exists already. Name a new file, or move that one away.`);
  const part = `${target}.part`;
  rmSync(part, { force: true });
  // One read transaction from start to end. SQLite's backup API would begin anew with every write of another process.
  const source = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    source.prepare("VACUUM INTO ?").run(part);
  } finally {
    source.close();
  }
  const findings = inspect(part);
  if (findings.length > 0) return findings;
  sync(part);
  renameSync(part, target);
  return [];
}

function inspect(file: string): readonly VerifyFinding[] {
  const copy = new Connection(file, { readOnly: true });
  try {
    return drive(copy, verify());
  } finally {
    copy.close();
  }
}

function sync(file: string): void {
  const handle = openSync(file, "r+");
  fsyncSync(handle);
  closeSync(handle);
}
