/** Reads one option each: its value, the default where it was left out, or an error that names option, value and rule. */
import { isScope } from "./cost/variant.ts";
import { ConfigurationError } from "./errors.ts";
import { type Properties } from "./wire/ingest.ts";

/** A misspelled option would be ignored in silence, so it is an error. @throws {ConfigurationError} */
export function rejectUnknown(prefix: string, given: unknown, known: readonly string[]): void {
  if (!isPlain(given)) {
    const name = prefix === "" ? "options" : prefix.slice(0, -1);
    throw new ConfigurationError(name, `${name} must be an object, got ${show(given)}.`);
  }
  for (const name of Reflect.ownKeys(given)) {
    if (typeof name === "string" && known.includes(name)) continue;
    throw new ConfigurationError(
      prefix + String(name),
      `${prefix}${String(name)} is not an option. Known here: ${known.map((key) => prefix + key).join(", ")}.`,
    );
  }
}

/** A list or a Map is no object of fields, and all that it says would be ignored. */
function isPlain(given: unknown): given is object {
  const hasNoFields = Array.isArray(given) || given instanceof Map || given instanceof Set;
  return typeof given === "object" && given !== null && !hasNoFields;
}

/** @throws {ConfigurationError} */
export function readFlag(setting: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  throw new ConfigurationError(setting, `${setting} must be true or false, got ${show(value)}.`);
}

/** A finite number of at least 0. @throws {ConfigurationError} */
export function readNumber(setting: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new ConfigurationError(setting, `${setting} must be a number of at least 0, got ${show(value)}.`);
}

/** Seconds for a timer: more than 0, and not more than a timer can wait. @throws {ConfigurationError} */
export function readSeconds(setting: string, value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && value > 0 && value <= LONGEST_TIMER_S) return value;
  throw new ConfigurationError(
    setting,
    `${setting} must be a number above 0 and up to ${LONGEST_TIMER_S} (seconds), got ${show(value)}.`,
  );
}

/** Beyond it a timer of the runtime fires at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;
const LONGEST_TIMER_S = Math.floor(LONGEST_TIMER_MS / 1000);

/** A whole number of at least 0. @throws {ConfigurationError} */
export function readWholeNumber(setting: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ConfigurationError(
    setting,
    `${setting} must be a whole number of at least 0, got ${show(value)}.`,
  );
}

/** Text; `""` is text. @throws {ConfigurationError} */
export function readString(setting: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new ConfigurationError(setting, `${setting} must be a string, got ${show(value)}.`);
}

/** Text that names something. @throws {ConfigurationError} */
export function readName(setting: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new ConfigurationError(setting, `${setting} must be a non-empty string, got ${show(value)}.`);
}

/** Where a resource is served; `""` says that nothing is told. @throws {ConfigurationError} */
export function readScope(setting: string, value: unknown): string | undefined {
  const scope = readString(setting, value);
  if (scope === undefined || scope === "" || isScope(scope)) return scope;
  throw new ConfigurationError(
    setting,
    `${setting} must be "global", "datazone", "region", "datazone.<geography>" or "region.<name>", got ${show(value)}.`,
  );
}

/** @throws {ConfigurationError} */
export function readStrings(setting: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "")) {
    return value as readonly string[];
  }
  throw new ConfigurationError(
    setting,
    `${setting} must be a list of non-empty strings, got ${show(value)}.`,
  );
}

/** Text values, or `null` to remove a property. The copy has no prototype. @throws {ConfigurationError} */
export function readPropertyBag(setting: string, value: unknown): Properties | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigurationError(setting, `${setting} must be an object of strings, got ${show(value)}.`);
  }
  const bag = Object.create(null) as Record<string, string | null>;
  for (const [name, item] of Object.entries(value)) {
    if (item !== null && typeof item !== "string") {
      throw new ConfigurationError(
        `${setting}.${name}`,
        `${setting}.${name} must be a string, or null to remove it, got ${show(item)}.`,
      );
    }
    bag[name] = item;
  }
  return bag;
}

/** @throws {ConfigurationError} */
export function readFunction<T>(setting: string, value: T | undefined): T | undefined {
  if (value === undefined || typeof value === "function") return value;
  throw new ConfigurationError(setting, `${setting} must be a function, got ${show(value)}.`);
}

/** A value in a message: short, on one line, never throwing. */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  // JSON has no words for NaN and Infinity.
  if (typeof value === "number") return String(value);
  if (value instanceof Map || value instanceof Set) return `a ${value.constructor.name}`;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
