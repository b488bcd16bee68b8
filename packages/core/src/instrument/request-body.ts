/** What a request's body says, where it can be read without consuming it. */
import { type Json, isJson } from "../providers/read.ts";

/** Fields of a JSON or form body; undefined for a stream and for anything else. */
export function parseBody(body: unknown): Json | undefined {
  if (typeof body === "string") return parseObject(body);
  if (body instanceof FormData) return formFields(body);
  return body instanceof Uint8Array ? parseObject(new TextDecoder().decode(body)) : undefined;
}

function parseObject(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isJson(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** A form's plain fields, with flags and whole numbers as the JSON that they stand for; files are left out. */
function formFields(form: FormData): Json {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    if (value === "true" || value === "false") fields[name] = value === "true";
    else fields[name] = /^\d{1,9}$/.test(value) ? Number(value) : value;
  }
  return fields;
}
