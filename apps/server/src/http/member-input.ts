import { WireError, readRequiredText, readText, readTextList, show } from "@payi/core/wire";

import { ROLES } from "../domain/permissions.ts";
import { type Role } from "../store/member.ts";

const NAME_LENGTH = 100;
const EMAIL_LENGTH = 254;

/** An e-mail address, in lower case: two spellings are one person. */
export function readEmail(value: unknown): string {
  const email = readRequiredText(value, "email", EMAIL_LENGTH).trim().toLowerCase();
  if (/^[^\s@]+@[^\s@]+$/.test(email)) return email;
  throw new WireError("request_processing_error", `email ${show(value)} is no e-mail address.`);
}

/** Undefined when it is not given. */
export function readName(value: unknown): string | undefined {
  return readText(value, "name", NAME_LENGTH);
}

/** Undefined when it is not given. */
export function readRole(value: unknown): Role | undefined {
  const role = readText(value, "role");
  if (role === undefined) return undefined;
  if (Object.hasOwn(ROLES, role)) return role as Role;
  throw new WireError(
    "request_processing_error",
    `role must be one of ${Object.keys(ROLES).join(", ")}; got ${show(value)}.`,
  );
}

/** Undefined when it is not given; null is all groups. */
export function readGroups(value: unknown): readonly string[] | null | undefined {
  if (value === null) return null;
  const groups = readTextList(value, "groups");
  return groups && [...new Set(groups)];
}

/** A password as it was typed: blanks and line ends belong to it. */
export function readPassword(value: unknown, field: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new WireError("required_field_missing", `${field} is required: a string.`);
}
