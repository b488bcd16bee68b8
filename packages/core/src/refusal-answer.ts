/** A refusal as the application's own answer: one form for every web framework. */
import { type LimitExceededError, type ProblemOptions } from "./errors.ts";

/** Status of the answer to a refused call. Default 429; LLM clients retry that by themselves, 402 they do not. */
export type BlockStatus = 429 | 402 | 424 | ((refusal: LimitExceededError) => number);

/** How an adapter answers a refused request. */
export interface RefusalOptions extends ProblemOptions {
  /** Status of the answer to a refused call. Default 429; 402 is not retried by LLM clients. */
  readonly blockStatus?: BlockStatus | undefined;
}

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A problem+json. */
  readonly body: string;
}

export function answerRefusal(refusal: LimitExceededError, options: RefusalOptions = {}): RefusalAnswer {
  const { blockStatus = 429 } = options;
  const status = typeof blockStatus === "function" ? blockStatus(refusal) : blockStatus;
  return {
    status,
    headers: { ...refusal.headers, "content-type": "application/problem+json" },
    body: JSON.stringify(refusal.toProblem(status, options)),
  };
}

/** The refusal inside a stream of server-sent events that has already begun. */
export function refusalEvent(refusal: LimitExceededError, options: RefusalOptions = {}): string {
  const { body } = answerRefusal(refusal, options);
  return `event: error\ndata: ${body}\n\n`;
}
