import { LimitExceededError } from "./errors.ts";
import { type Outcome } from "./usage.ts";

/** How a model call ended that failed. */
export interface LayerFailure {
  readonly outcome: Extract<Outcome, "refused" | "aborted" | "timeout" | "error">;
  /** The provider's HTTP status, where the error tells it. */
  readonly status?: number | undefined;
  readonly error?: unknown;
}

/** By names, since frameworks and SDKs are in a process more than once. */
const ABORTS: ReadonlySet<unknown> = new Set(["AbortError", "ResponseAborted", "APIUserAbortError"]);

/** How a model call failed, by the error that a framework or a provider's SDK threw. Pure. */
export function failureOf(error: unknown): LayerFailure {
  if (LimitExceededError.from(error) !== undefined) return { outcome: "refused" };
  const name = error instanceof Error ? error.name : undefined;
  // Provider SDKs name their classes and not their errors.
  const type = (error as { readonly constructor?: { readonly name?: unknown } } | null | undefined)
    ?.constructor?.name;
  if (ABORTS.has(name) || ABORTS.has(type)) return { outcome: "aborted", error };
  if (name === "TimeoutError") return { outcome: "timeout", error };
  return { outcome: "error", error, status: statusOf(error) };
}

/** Where SDKs keep it. */
function statusOf(error: unknown): number | undefined {
  const places: readonly (readonly string[])[] = [
    ["status"],
    ["statusCode"],
    ["response", "status"],
    ["$metadata", "httpStatusCode"],
  ];
  for (const path of places) {
    let value = error;
    for (const name of path) {
      value = typeof value === "object" && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
    }
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  }
  return undefined;
}
