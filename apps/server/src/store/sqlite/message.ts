/** One verb to run in a worker. */
export interface Request {
  readonly id: number;
  readonly verb: string;
  readonly values: readonly unknown[];
}

/** How it went. Errors travel as plain fields, since class instances do not cross threads. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: string | null; readonly message: string } };

/** What a worker is started with. */
export interface WorkerSettings {
  readonly file: string;
}

/** The failed answer to a request. */
export function toFailure(id: number, error: unknown): Answer {
  const code =
    typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
      ? error.code
      : null;
  return { id, error: { code, message: error instanceof Error ? error.message : String(error) } };
}
