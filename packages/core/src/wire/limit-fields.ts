/** What the fields of a limit have in common when they are read. */
import { WireError, show } from "./parse.ts";

/** One of a few words. @throws {WireError} */
export function readChoice<const Choice extends string>(
  value: unknown,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(`${field} must be one of ${choices.map(show).join(", ")}, got ${show(value)}.`);
}

/** A share of max. @throws {WireError} */
export function readFraction(value: unknown, field: string): number {
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  return refuse(`${field} must be a fraction of max from 0 to 1, got ${show(value)}.`);
}

/** @throws {WireError} always */
export function refuse(message: string): never {
  throw new WireError("create_limit_validation_failed", message);
}
