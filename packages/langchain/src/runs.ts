/**
 * The runs that are under way, for the whole process: two handlers in one run, or two copies of this package, find the
 * same record and make one of it. Bounded, since a stream that the application leaves never tells its end.
 */
import { type Instance, type PayiContext } from "@payi/core";

import { type ModelRun } from "./model-run.ts";
import { type Paused, PausedInstances, type Thread } from "./paused.ts";

/** A root run and what belongs to all runs below it. */
export interface Root {
  /** What everything below counts for: opened for this root run, or that of the flow; undefined where there is none. */
  instance: Instance | undefined;
  /** The same where it was opened for this root run, and ends with it. */
  own: Instance | undefined;
  /** Attribution of each call below. */
  readonly context: PayiContext;
  readonly isSkipped: boolean;
  /** Undefined where the run has an instance around it, or no thread. */
  readonly thread: Thread | undefined;
  /** Set once a graph stopped to ask somebody: the instance goes on with the thread. */
  paused: Pick<Paused, "checkpointId"> | undefined;
}

export interface Run {
  readonly root: Root;
  /** Runs between this one and nothing: 0 for a root run. */
  readonly depth: number;
  /** The handler that opened it; others in the same run leave it alone. */
  readonly owner: object;
  /** The tool or retriever that everything below is a part of. */
  readonly step: string | undefined;
  /** What the model calls this tool call. */
  readonly toolId: string | undefined;
  readonly openedMs: number;
  /** What a model's run has beside. */
  model: ModelRun | undefined;
}

const MAX_RUNS = 10_000;
/** A run that has been silent for so long is not going to end. */
const MAX_AGE_MS = 6 * 3_600_000;

class Runs {
  readonly #runs = new Map<string, Run>();
  readonly paused: PausedInstances = new PausedInstances();

  get size(): number {
    return this.#runs.size;
  }

  get(id: string | undefined): Run | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  open(id: string, run: Run): void {
    this.#runs.set(id, run);
    for (const [oldest, { openedMs }] of this.#runs) {
      if (this.#runs.size <= MAX_RUNS && run.openedMs - openedMs < MAX_AGE_MS) break;
      this.#giveUp(oldest);
    }
  }

  /** Takes the run out. */
  close(id: string): Run | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    return run;
  }

  #giveUp(id: string): void {
    const run = this.close(id);
    run?.model?.abandon();
    if (run?.depth === 0) run.root.own?.end("aborted");
  }
}

const KEY = Symbol.for("payi.langchain.runs");
const holder = globalThis as { [KEY]?: Runs };

/** The one map of the process. */
export const runs: Runs = (holder[KEY] ??= new Runs());
