/** How an execution ended. `unread`: nobody asked for its result, so that nothing is known of it and nothing failed. */
export type Ending = "ok" | "error" | "aborted" | "unread";

/** What surrounds one execution. */
export interface Surroundings {
  /** Runs `work` inside and returns what it returns. */
  run<T>(work: () => T): T;
  /** Called at the end; the first time counts. `value` is what was returned, resolved, or emitted last. */
  end(ending: Ending, value?: unknown): void;
}

/** How an execution comes by its surroundings. */
export interface Entrance {
  /** What is tracked: an object that it has returned before is not intercepted again. */
  readonly owner: object;
  /** Surroundings of a further execution. */
  enter(): Surroundings;
}

/** How an execution ended that threw `error`. */
export function endingOf(error: unknown): "error" | "aborted" {
  return error instanceof Error && error.name === "AbortError" ? "aborted" : "error";
}
