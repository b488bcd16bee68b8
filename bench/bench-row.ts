/** One contestant in one round, or the median over rounds. */
export interface BenchRow {
  readonly bench: string;
  readonly contestant: string;
  readonly round: number;
  /** Units of work measured; a row whose work was not all done is invalid. */
  readonly calls: number;
  /** CPU of the whole process, microseconds per call. */
  readonly cpuUs: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Calls a second, where the suite measures throughput. */
  readonly perSecond?: number;
  /** What was spent above a limit, in percent of it, where the suite races for one. */
  readonly overshootPercent?: number;
  /** CPU per call ÷ the baseline's in the same round. */
  readonly ratio: number;
  /** Events the platform received; must equal the calls where the contestant reports. */
  readonly delivered: number;
  readonly errors: number;
}

export interface BenchOptions {
  readonly rounds: number;
  readonly calls: number;
}

/** A suite: interleaved contestants, the first of which is the baseline. */
export type Bench = (options: BenchOptions) => Promise<readonly BenchRow[]>;
