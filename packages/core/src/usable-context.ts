/**
 * Attribution as the platform takes it. Much of it comes out of requests: what the platform would refuse must not cost the
 * event its place on the bill, nor the application its request.
 *
 * Invariant: whatever is given, the answer can be sent; what cannot is left out, a number or flag becomes its text, and
 * `complain` is told what was not as it should be. Empty clears, and what is left out leaves what holds around it. Nothing
 * here throws.
 */
import { type PayiContext } from "./context.ts";
import { type Properties } from "./wire/ingest.ts";
import { isPlainText } from "./wire/parse.ts";

/** Told of a value that cannot be sent as it is. */
export type Complain = (field: string, complaint: string) => void;

const MAX_TEXT = 256;
const MAX_PROPERTY = 1024;
/** The platform takes 64; the rest is for what we say of a call ourselves. */
const MAX_PROPERTIES = 48;
const MAX_VERSION = 2_147_483_647;

/** Every field of `given`, usable; those that are left out stay so. */
export function usableContext(given: Readonly<Record<string, unknown>>, complain: Complain): PayiContext {
  const context: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const usable = READERS[name]?.(name, value, complain);
    if (usable !== undefined) context[name] = usable;
  }
  return context;
}

/** Text of up to 256 characters; `""` is text. Ids that a database counts are numbers, and meant as text. */
export function usableText(field: string, given: unknown, complain: Complain): string | undefined {
  if (typeof given === "string" && given.length <= MAX_TEXT && isPlainText(given)) return given;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "number" || typeof given === "bigint") return String(given);
  complain(
    field,
    `${field} must be text of at most ${MAX_TEXT} characters without control characters, got ${kindOf(given)}; it is left out.`,
  );
  return undefined;
}

export function usableVersion(field: string, given: unknown, complain: Complain): number | undefined {
  if (given === undefined || given === null) return undefined;
  const version = typeof given === "string" && /^\d+$/.test(given) ? Number(given) : given;
  if (typeof version === "number" && Number.isInteger(version) && version >= 0 && version <= MAX_VERSION) {
    return version;
  }
  complain(
    field,
    `${field} must be a whole number from 0 to ${MAX_VERSION}, got ${kindOf(given)}; it is left out.`,
  );
  return undefined;
}

/** A single id stands for a list of it. */
export function usableIds(field: string, given: unknown, complain: Complain): readonly string[] | undefined {
  if (given === undefined || given === null) return undefined;
  const ids: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (Array.isArray(given) && ids.every(isId)) return given as readonly string[];
  const usable = ids.flatMap((id) => usableText(field, id, complain) || []);
  // An empty list clears; one of which nothing can be sent says nothing.
  return usable.length > 0 || ids.length === 0 ? usable : undefined;
}

function isId(id: unknown): boolean {
  return typeof id === "string" && id !== "" && id.length <= MAX_TEXT && isPlainText(id);
}

/** The very object where all of it can be sent. Longer values are cut. */
export function usableProperties(field: string, given: unknown, complain: Complain): Properties | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given !== "object" || Array.isArray(given)) {
    complain(
      field,
      `${field} must be an object of texts, got ${kindOf(given)}; the properties are left out.`,
    );
    return undefined;
  }
  const names = Object.keys(given);
  const bag = given as Readonly<Record<string, unknown>>;
  if (names.length <= MAX_PROPERTIES && names.every((name) => isProperty(name, bag[name]))) {
    return given as Properties;
  }
  const usable: [string, string | null][] = [];
  for (const name of names) {
    const value = usableProperty(`${field}.${name}`, name, bag[name], complain);
    if (value !== undefined) usable.push([name, value]);
  }
  return usable.length === 0 ? undefined : fitting(field, Object.fromEntries(usable), complain);
}

/** The first of `properties`, as many as an event has room for. */
export function fitting(field: string, properties: Properties, complain: Complain): Properties {
  const entries = Object.entries(properties);
  if (entries.length <= MAX_PROPERTIES) return properties;
  complain(
    field,
    `${field} are ${entries.length}; the first ${MAX_PROPERTIES} are sent, the others are left out.`,
  );
  return Object.fromEntries(entries.slice(0, MAX_PROPERTIES));
}

function isProperty(name: string, value: unknown): boolean {
  if (name === "" || name.length > MAX_TEXT || !isPlainText(name)) return false;
  return value === null || (typeof value === "string" && value.length <= MAX_PROPERTY);
}

function usableProperty(
  field: string,
  name: string,
  value: unknown,
  complain: Complain,
): string | null | undefined {
  if (value === undefined || isProperty(name, value)) return value as string | null | undefined;
  const text =
    typeof value === "number" || typeof value === "boolean" || typeof value === "bigint"
      ? String(value)
      : value;
  if (typeof text !== "string" || !isProperty(name, "")) {
    complain(
      "properties",
      `${field.slice(0, 80)} must be text or null, under a name of 1 to ${MAX_TEXT} characters, got ${kindOf(value)}; it is left out.`,
    );
    return undefined;
  }
  if (text.length <= MAX_PROPERTY) return text;
  complain(
    "properties",
    `${field.slice(0, 80)} has ${text.length} characters; it is cut at ${MAX_PROPERTY}.`,
  );
  return `${text.slice(0, MAX_PROPERTY - 1)}…`;
}

function usableFlag(field: string, given: unknown, complain: Complain): boolean | undefined {
  if (given === undefined || given === null || typeof given === "boolean") return given ?? undefined;
  complain(field, `${field} must be true or false, got ${kindOf(given)}; it is left out.`);
  return undefined;
}

const READERS: Readonly<Record<string, (field: string, given: unknown, complain: Complain) => unknown>> = {
  useCaseName: usableText,
  useCaseId: usableText,
  useCaseVersion: usableVersion,
  useCaseStep: usableText,
  useCaseProperties: usableProperties,
  requestProperties: usableProperties,
  limitIds: usableIds,
  userId: usableText,
  accountName: usableText,
  priceAsCategory: usableText,
  priceAsResource: usableText,
  resourceScope: usableText,
  logPromptAndResponse: usableFlag,
  proxy: usableFlag,
} satisfies Record<keyof PayiContext, unknown>;

/** Without the value itself: it may be somebody's name. */
function kindOf(value: unknown): string {
  if (typeof value === "string") return `text of ${value.length} characters`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
