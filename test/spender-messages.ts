/** What a spending process and its test say to each other. */
export type SpenderCommand =
  /** Calls go on, `lanes` at a time, also after refusals, until the next command. */
  | { readonly do: "spend"; readonly userId: string; readonly lanes: number }
  /** Told by `idle` once no call is under way and everything is delivered. */
  | { readonly do: "rest" };

/** A call of a spending process; `atMs`: when it began and when it ended, by the clock of the machine. */
export interface SpenderCall {
  readonly kind: "called" | "refused" | "failed";
  readonly atMs: readonly [number, number];
  readonly why?: string;
}

export type SpenderReport = "ready" | "idle" | SpenderCall;
