/** Reads what a person sent; every refusal is a sentence for that person. */

/** Something that was sent cannot be read. The message says which field, what it holds and what it may hold. */
export class InputError extends Error {
  readonly status = 400;
}

/** The fields of a body; none when it is no object. */
export function readFields(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null ? { ...body } : {};
}

const LONGEST = 80;

/** One line of 1 to 80 characters, without blanks around it. @throws {InputError} */
export function readLine(value: unknown, field: string): string {
  const text = typeof value === "string" ? value.trim() : "";
  if (text !== "" && text.length <= LONGEST && !/[\r\n]/.test(text)) return text;
  throw new InputError(`${field} must be one line of 1 to ${LONGEST} characters, got ${show(value)}.`);
}

/** One of the choices. @throws {InputError} */
export function readChoice<Choice extends string>(
  value: unknown,
  field: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  throw new InputError(`${field} must be one of ${choices.join(", ")}, got ${show(value)}.`);
}

/** A whole number within the bounds, both included; a form sends it as text. @throws {InputError} */
export function readCount(value: unknown, field: string, least: number, most: number): number {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === "number" && Number.isInteger(count) && count >= least && count <= most) return count;
  throw new InputError(`${field} must be a whole number from ${least} to ${most}, got ${show(value)}.`);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
