/** Attribution that comes through other hands, such as a framework's metadata → a context. */
import { type PayiContext, noteUnusable } from "./context.ts";
import { usableContext } from "./usable-context.ts";

/** What of a context may be said of a call by others than the application's own code, as plain JSON. */
export type Attribution = Omit<PayiContext, "proxy" | "logPromptAndResponse">;

const NAMES: Readonly<Record<keyof Attribution, true>> = {
  useCaseName: true,
  useCaseId: true,
  useCaseVersion: true,
  useCaseStep: true,
  useCaseProperties: true,
  requestProperties: true,
  limitIds: true,
  userId: true,
  accountName: true,
  priceAsCategory: true,
  priceAsResource: true,
  resourceScope: true,
};

const FIELDS = (Object.keys(NAMES) as (keyof Attribution)[]).map((name) => ({
  name,
  snakeName: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
}));

/**
 * What `lookUp` finds under the names of an attribution; `snakeName` is the same name as `use_case_name`. What cannot be
 * sent is left out: a mistake must not fail a model call.
 */
export function readContext(lookUp: (name: keyof Attribution, snakeName: string) => unknown): Attribution {
  const found = FIELDS.map(({ name, snakeName }) => [name, lookUp(name, snakeName)]);
  return usableContext(Object.fromEntries(found) as Record<string, unknown>, noteUnusable);
}
