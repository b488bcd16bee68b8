/** Images and sound inside prompts and answers, and how they are left out. */

/** What stands in the place of inline data, in the words of Pay-i's SDKs (contract 8.4). */
export const NOT_INSTRUMENTED = "<not_instrumented>";

/** Fields of the providers' APIs that hold data and never words. */
const DATA_FIELDS = new Set([
  "data",
  "b64_json",
  "bytes",
  "bytesBase64Encoded",
  "imageBytes",
  "videoBytes",
  "audioBytes",
  "file_data",
  "partial_image_b64",
  "result",
]);
/** From this length on, text that can only be base64 is taken for data wherever it stands. */
const LONG = 256;
const SAMPLE = 1_024;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** A copy in which inline data is replaced; `value` itself is not changed. Text that is no JSON stays as it is. */
export function withoutInlineData(value: unknown, field?: string, depth = 0): unknown {
  if (typeof value === "string") return isData(value, field) ? NOT_INSTRUMENTED : value;
  if (typeof value !== "object" || value === null || depth > 64) return value;
  if (value instanceof Uint8Array) return NOT_INSTRUMENTED;
  if (Array.isArray(value)) return value.map((item) => withoutInlineData(item, field, depth + 1));
  // No prototype: a field called `__proto__` is data like any other.
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) copy[name] = withoutInlineData(item, name, depth + 1);
  return copy;
}

function isData(text: string, field: string | undefined): boolean {
  if (text.startsWith("data:") && text.slice(0, 256).includes(";base64,")) return true;
  const named = field !== undefined && DATA_FIELDS.has(field);
  if (text.length < (named ? 32 : LONG)) return false;
  // A sample decides: looking at megabytes of an image would cost more than the image is worth.
  return BASE64.test(text.length > SAMPLE ? text.slice(0, SAMPLE) : text);
}
