/** What instances with a score of one KPI, or all instances, add up to. */
export interface OutcomeSums {
  readonly count: number;
  readonly scoreSum: number;
  readonly scoreSquares: number;
  /** Scores of 1, counted for boolean KPIs. */
  readonly successes: number;
  /** Requests with a known cost. */
  readonly priced: number;
  /** In pico-dollars. */
  readonly cost: bigint;
  /** Squares of the costs of instances, in USD², to the nano-dollar. */
  readonly costSquares: number;
  /** Products of score and cost, in USD. */
  readonly scoreCosts: number;
}

/** The instances of one version of a use case that started on one day (UTC, days since 1970). */
export interface OutcomeCell extends OutcomeSums {
  readonly day: number;
  readonly useCase: string;
  readonly version: number;
  /** Blank: all instances, with a score or without. */
  readonly kpi: string;
}

/** The instances that started in `fromMs ≤ time < toMs`, of one use case and version where these are told. */
export interface OutcomeSpan {
  readonly application: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly useCase?: string | undefined;
  readonly version?: number | undefined;
}

/** The verbs by which days that are over are counted. A day that changes meanwhile stays uncounted. */
export interface OutcomeStore {
  /** Days before `beforeDay` with instances that are not counted, latest first, at most so many. */
  uncountedDays(application: string, beforeDay: number, most: number): Promise<readonly number[]>;
  /** From here on a change of the day is noticed by the count of this name; one that was begun before is given up. */
  beginCount(application: string, day: number, token: string): Promise<void>;
  countOutcomes(span: OutcomeSpan): Promise<readonly OutcomeCell[]>;
  /** Keeps what was counted, unless the day has changed since its count was begun; tells whether. */
  keepCount(application: string, day: number, token: string, cells: readonly OutcomeCell[]): Promise<boolean>;
}

/** The sums of nothing. */
export const NO_OUTCOMES: OutcomeSums = {
  count: 0,
  scoreSum: 0,
  scoreSquares: 0,
  successes: 0,
  priced: 0,
  cost: 0n,
  costSquares: 0,
  scoreCosts: 0,
};

/** Both together; the instances must be others. The order decides the last digit of fractions. */
export function addOutcomes(left: OutcomeSums, right: OutcomeSums): OutcomeSums {
  return {
    count: left.count + right.count,
    scoreSum: left.scoreSum + right.scoreSum,
    scoreSquares: left.scoreSquares + right.scoreSquares,
    successes: left.successes + right.successes,
    priced: left.priced + right.priced,
    cost: left.cost + right.cost,
    costSquares: left.costSquares + right.costSquares,
    scoreCosts: left.scoreCosts + right.scoreCosts,
  };
}
