import { type ContextValues } from "../context.ts";

/** What limits look at. */
const NAMED = [
  "useCaseName",
  "useCaseId",
  "userId",
  "accountName",
  "priceAsCategory",
  "priceAsResource",
] as const;
const HELD = ["limitIds", "requestProperties", "useCaseProperties"] as const;

/** True where both are asked of the same limits. */
export function isAskedAlike(one: ContextValues, other: ContextValues): boolean {
  if (one === other) return true;
  return (
    NAMED.every((name) => one[name] === other[name]) &&
    HELD.every((name) => holdsSame(one[name], other[name]))
  );
}

function holdsSame(one: object | undefined, other: object | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  const entries = Object.entries(one);
  const others = new Map<string, unknown>(Object.entries(other));
  return entries.length === others.size && entries.every(([name, value]) => others.get(name) === value);
}
