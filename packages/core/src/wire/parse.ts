/**
 * Readers for values of unknown shape. Each names the field, the value and the rule when it refuses, and every
 * map it makes has no prototype, so that `__proto__` is a name like any other.
 */
import { PayiError } from "../errors.ts";

/** A value on the wire breaks a rule of the contract. `code` is one of contract 7.6. */
export class WireError extends PayiError {
  override readonly name = "WireError";
}

/** JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How a value is shown in a message: short, on one line. */
export function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export function readObject(value: unknown, field: string): JsonObject {
  if (isObject(value)) return value;
  throw new WireError("request_processing_error", `${field} must be a JSON object, got ${show(value)}.`);
}

/** Absent, null and blank are all "not given". Control characters and more than `maxLength` are refused. */
export function readText(value: unknown, field: string, maxLength: number = 1024): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") {
    throw new WireError("request_processing_error", `${field} must be a string, got ${show(value)}.`);
  }
  if (value.length > maxLength) {
    throw new WireError(
      "request_processing_error",
      `${field} is ${value.length} characters long; at most ${maxLength} are accepted.`,
    );
  }
  if (hasControlCharacter(value)) {
    throw new WireError("request_processing_error", `${field} holds control characters: ${show(value)}.`);
  }
  return value;
}

export function readRequiredText(value: unknown, field: string, maxLength: number = 1024): string {
  const text = readText(value, field, maxLength);
  if (text === undefined) throw new WireError("required_field_missing", `${field} is required.`);
  return text;
}

/** Prose of at most `maxLength` characters; line breaks and tabs are part of it. Absent, null and empty are "not given". */
export function readProse(
  value: unknown,
  field: string,
  code: string,
  maxLength: number = 4096,
): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" && value.length <= maxLength && isPlainText(value)) {
    return value;
  }
  throw new WireError(
    code,
    `${field} must be text of at most ${maxLength} characters without control characters, got ${show(value)}.`,
  );
}

/** Text that may be long and may hold line breaks, such as a prompt or a stack trace. */
export function readLongText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw new WireError("request_processing_error", `${field} must be a string, got ${show(value)}.`);
}

/** A whole number from 0 to 2147483647 (the wire's int32); text, fractions, NaN and negative zero are refused. */
export function readCount(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (
    typeof value !== "number" ||
    !Number.isInteger(value) ||
    value < 0 ||
    value > 2_147_483_647 ||
    Object.is(value, -0)
  ) {
    throw new WireError(
      "request_processing_error",
      `${field} must be a whole number from 0 to 2147483647, got ${show(value)}.`,
    );
  }
  return value;
}

/** Any finite number. */
export function readNumber(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new WireError("request_processing_error", `${field} must be a number, got ${show(value)}.`);
  }
  return value;
}

export function readBoolean(value: unknown, field: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw new WireError("request_processing_error", `${field} must be true or false, got ${show(value)}.`);
}

/** ISO 8601 text → milliseconds UTC. A time without a zone is read as UTC. */
export function readTime(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value)) {
    const zoned = /[zZ]$|[+-]\d{2}:?\d{2}$/.test(value) || value.length === 10 ? value : `${value}Z`;
    const time = Date.parse(zoned);
    if (Number.isFinite(time)) return time;
  }
  throw new WireError(
    "request_processing_error",
    `${field} must be an ISO 8601 time such as "2026-11-21T12:00:00Z", got ${show(value)}.`,
  );
}

export function readTextList(value: unknown, field: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) {
    throw new WireError(
      "request_processing_error",
      `${field} must be an array of strings, got ${show(value)}.`,
    );
  }
  return value.map((item, index) => readRequiredText(item, `${field}[${index}]`));
}

const MAX_PROPERTY = 1024;

/** Whatever a provider's error says: its length is nobody's fault who sends it, and no reason to lose an event. */
const TOLD_BY_PROVIDERS = new Set(["system.failure", "system.failure.description"]);

function cut(text: string): string {
  return text.length > MAX_PROPERTY ? `${text.slice(0, MAX_PROPERTY - 1)}…` : text;
}

/** A property bag. `null` as value means "remove"; it is kept so that the caller can. */
export function readProperties(value: unknown, field: string): Record<string, string | null> | undefined {
  if (value === undefined || value === null) return undefined;
  const bag = readObject(value, field);
  const names = Object.keys(bag);
  if (names.length > 64) {
    throw new WireError(
      "request_processing_error",
      `${field} has ${names.length} entries; at most 64 are accepted.`,
    );
  }
  const properties = Object.create(null) as Record<string, string | null>;
  for (const name of names) {
    if (name === "" || name.length > 256 || hasControlCharacter(name)) {
      throw new WireError(
        "request_processing_error",
        `${field} has the name ${show(name)}; names have 1 to 256 characters and no control characters.`,
      );
    }
    const item = bag[name];
    // The official SDK applies str() to whatever it is given, so numbers and booleans arrive as text; others may not.
    const given = typeof item === "number" || typeof item === "boolean" ? String(item) : item;
    const text = TOLD_BY_PROVIDERS.has(name) && typeof given === "string" ? cut(given) : given;
    if (text !== null && typeof text !== "string") {
      throw new WireError(
        "request_processing_error",
        `${field}.${name} must be a string or null, got ${show(item)}.`,
      );
    }
    if (text !== null && text.length > MAX_PROPERTY && name !== "system.stack_trace") {
      throw new WireError(
        "request_processing_error",
        `${field}.${name} is ${text.length} characters long; at most ${MAX_PROPERTY} are accepted.`,
      );
    }
    properties[name] = text;
  }
  return properties;
}

/** Without control characters, but for tabs and line breaks. */
export function isPlainText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 31 ? code === 127 : code !== 9 && code !== 10 && code !== 13) return false;
  }
  return true;
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
