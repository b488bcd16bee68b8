import { readObject, readRequiredText } from "./parse.ts";

/** The body of `POST /requests/{request_id}/void`. */
export interface VoidInput {
  readonly reason: string;
}

/** @throws {WireError} without a reason of 1 to 1024 characters. */
export function decodeVoid(body: unknown): VoidInput {
  const given = readObject(body, "The void");
  return { reason: readRequiredText(given["reason"], "reason", 1024) };
}
