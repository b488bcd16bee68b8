/** A refusal as the application's own answer: one form for every web framework. */
import { type LimitExceededError } from "./errors.ts";

/** Status of the answer to a refused call. Default 429; LLM clients retry that by themselves, 402 they do not. */
export type BlockStatus = 429 | 402 | 424 | ((refusal: LimitExceededError) => number);

export interface RefusalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A problem+json without amounts. */
  readonly body: string;
}

export function answerRefusal(refusal: LimitExceededError, blockStatus: BlockStatus = 429): RefusalAnswer {
  const status = typeof blockStatus === "function" ? blockStatus(refusal) : blockStatus;
  return {
    status,
    headers: { ...refusal.headers, "content-type": "application/problem+json" },
    body: JSON.stringify(refusal.toProblem(status)),
  };
}

/** The refusal inside a stream of server-sent events that has already begun. */
export function refusalEvent(refusal: LimitExceededError): string {
  return `event: error\ndata: ${JSON.stringify(refusal.toProblem())}\n\n`;
}
