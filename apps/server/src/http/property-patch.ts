import { WireError, readObject, readProperties } from "@payi/core/wire";

/** The body of every `PUT …/properties`: `{properties}`, where null removes. */
export function readPropertyPatch(body: unknown): Record<string, string | null> {
  const properties = readProperties(readObject(body, "The body")["properties"], "properties");
  if (properties !== undefined) return properties;
  throw new WireError("required_field_missing", "properties is required: an object of names and values.");
}
