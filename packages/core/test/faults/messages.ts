/** What a fault test and its application say to each other. */
import { type PayiInstrumentConfig, type Stats } from "../../src/index.ts";

/** What the application does, from the environment variable `WORKLOAD`. */
export interface Workload {
  readonly provider: string;
  readonly config: PayiInstrumentConfig;
  /** Default: all. */
  readonly instruments?: readonly string[];
  /** In all. */
  readonly calls: number;
  readonly perSecond?: number;
  /** Without `perSecond`: calls at once. Default 1. */
  readonly concurrency?: number;
  readonly streamed?: boolean;
  /** Each returned call adds a line `<id> <time>`. */
  readonly log?: string;
  /** A line of the README, run at start. */
  readonly recipe?: string;
  /** What happens after the calls. `stay`: the process lives until it is told otherwise. */
  readonly ending: "idle" | "exit" | "throw" | "stay" | "close";
}

/** What it tells when it is asked, and at its end. */
export interface Told {
  readonly stats: Stats;
  readonly failed: number;
  readonly made: number;
  /** Milliseconds of each call since the last question, ascending. */
  readonly latencies: readonly number[];
  readonly heapBytes: number;
  readonly residentBytes: number;
}
