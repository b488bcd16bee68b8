/**
 * Requests to another maker's API under the same path: a short message to a telephone, an answer to a survey, a model of the
 * application's own. Invariant: on a host that nobody named, words that are no prompt are neither metered, kept nor refused.
 */
import { type Match } from "./provider.ts";
import { type Json } from "./read.ts";

/** True where the path did not tell, and the body lacks what this API is always asked by. Looks at names alone, and the model. */
export function isForeign({ askedBy }: Match, body: Json | undefined): true | undefined {
  if (askedBy === undefined) return undefined;
  if (body === undefined) return true;
  // A value that is too long for the first look is undefined, and its name is there all the same.
  const has = (name: string): boolean => name in body && (name !== "model" || typeof body[name] === "string");
  const asked = askedBy.every((names) => (typeof names === "string" ? has(names) : names.some(has)));
  return asked ? undefined : true;
}
