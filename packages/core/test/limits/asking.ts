/** A guard on a book, and calls that ask it. */
import { createClient } from "../../src/client/create-client.ts";
import { type Permit } from "../../src/limits/guard.ts";
import { LimitGuard } from "../../src/limits/limit-guard.ts";
import { ThrottledLog } from "../../src/logger.ts";
import { type Money, USD } from "../../src/money.ts";
import { type GuardLimit } from "../../src/wire/guard.ts";
import { SILENT } from "../support.ts";
import { type LimitBook } from "./limit-book.ts";
import { fetchFrom } from "./limit-platform.ts";

/** In 1e-18 USD. */
export const CENT: Money = USD / 100n;

export function limit(limitId: string, fields: Partial<GuardLimit> = {}): GuardLimit {
  return { limitId, limitName: limitId, limitType: "block", max: USD, selector: {}, ...fields };
}

export function guardOf(
  book: LimitBook,
  fetch: typeof globalThis.fetch = fetchFrom(book),
  timeoutMs: number = 30_000,
): LimitGuard {
  return new LimitGuard({
    client: createClient({ apiKey: "k", baseUrl: "http://platform", fetch }),
    log: new ThrottledLog(SILENT, 60_000),
    timeoutMs,
    onLimitCheckError: "allow",
  });
}

export interface Ask {
  readonly bound?: Money | undefined;
  readonly worst?: Money;
  readonly userId?: string;
  readonly priced?: boolean;
  readonly limitIds?: readonly string[];
  readonly useCase?: readonly [name: string, id: string];
}

export async function ask(
  guard: LimitGuard,
  { bound, worst, userId, priced = true, limitIds, useCase }: Ask,
): Promise<Permit> {
  return guard.authorize({
    category: "system.openai",
    resource: "gpt-5",
    context: { userId, limitIds, useCaseName: useCase?.[0], useCaseId: useCase?.[1] },
    maxOutputTokens: undefined,
    estimate: () => ({
      upperBound: bound,
      worstCase: worst ?? bound,
      priced,
      inputTokens: 10,
      outputTokens: undefined,
    }),
  });
}

/** The call has ended: its event reaches the platform, and the process learns its own price. */
export function end(
  book: LimitBook,
  permit: Permit,
  cost: Money,
  { userId, limitIds, useCase }: Ask = {},
): void {
  permit.settle(cost);
  const context = {
    category: "system.openai",
    resource: "gpt-5",
    userId,
    useCaseName: useCase?.[0],
    useCaseId: useCase?.[1],
  };
  book.charge({ context, limitIds }, permit.holdId, cost);
}
