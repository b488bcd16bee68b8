/** Readers for values whose shape the version of the SDK decides: absent stays undefined, never zero. */

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `name`, or an empty one. */
export function child(value: Json, name: string): Json {
  const inner = value[name];
  return isJson(inner) ? inner : {};
}

export function text(value: Json, name: string): string | undefined {
  const inner = value[name];
  return typeof inner === "string" && inner !== "" ? inner : undefined;
}

/** A whole number of at least 0; anything else was not told. */
export function count(value: Json, name: string): number | undefined {
  const inner = value[name];
  return typeof inner === "number" && Number.isInteger(inner) && inner >= 0 ? inner : undefined;
}

export function list(value: Json, name: string): readonly Json[] {
  const inner = value[name];
  return Array.isArray(inner) ? inner.filter(isJson) : [];
}
