/** How what was typed into a form is read, and what is said where it cannot be. */
import { decimalText, formatDecimal, parseDecimal } from "./decimal.ts";

/** Words for the person at the form. */
class Unreadable extends Error {}

/** What `read` comes to, or what keeps it from that. */
export function attempt<Result>(
  read: () => Result,
): { readonly result: Result } | { readonly problem: string } {
  try {
    return { result: read() };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}

/** Ends an {@link attempt}. */
export function refuse(problem: string): never {
  throw new Unreadable(problem);
}

/** What was typed, as a message shows it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** Per cent as a share. Ends an {@link attempt} where it is none. */
export function readPercent(text: string, name: string): number {
  const trimmed = text.trim().replace(/\s*%$/, "");
  if (/^\d{1,3}(?:\.\d{1,6})?$/.test(trimmed) && Number(trimmed) <= 100) {
    return Number(formatDecimal(parseDecimal(trimmed) / 100n));
  }
  return refuse(`${name} must be per cent from 0 to 100, got ${quote(text)}.`);
}

/** A share as per cent, as it is typed. */
export function showPercent(share: number): string {
  return formatDecimal(parseDecimal(decimalText(share)) * 100n);
}
