/** Readers for provider JSON, where any field may be missing or null. Absent stays undefined: it is never zero. */

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `name`, or an empty one. */
export function child(value: Json, name: string): Json {
  const inner = value[name];
  return isJson(inner) ? inner : EMPTY;
}

const EMPTY: Json = Object.freeze({});

export function text(value: Json, name: string): string | undefined {
  const inner = value[name];
  return typeof inner === "string" && inner !== "" ? inner : undefined;
}

/** A count that the provider told: a whole number of at least 0. */
export function count(value: Json, name: string): number | undefined {
  const inner = value[name];
  return typeof inner === "number" && Number.isInteger(inner) && inner >= 0 ? inner : undefined;
}

export function list(value: Json, name: string): readonly Json[] {
  const inner: unknown = value[name];
  if (!Array.isArray(inner)) return NONE;
  return inner.every(isJson) ? inner : inner.filter(isJson);
}

const NONE: readonly Json[] = [];

/** Parsed JSON, or undefined; a provider's broken event must not break the application's stream. */
export function parse(data: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The UTF-8 text behind base64; empty when it is none. */
export function fromBase64(encoded: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
  } catch {
    return "";
  }
}
