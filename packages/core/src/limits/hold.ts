/** How much a call may cost, before it is made. Pure. */
import { type PriceRequest, price } from "../cost/engine.ts";
import { type PriceBook } from "../cost/price-book.ts";
import { type Money } from "../money.ts";
import { type Units } from "../usage.ts";
import { type HoldContext, type HoldEstimate } from "../wire/holds.ts";
import { type Attempt } from "./guard.ts";
import { mostOutputTokens } from "./output-maxima.ts";

/** What a request says about its size. */
export interface CallSize {
  /** Estimated upwards; undefined where what is sent cannot be counted in tokens. */
  readonly inputTokens: number | undefined;
  /** False where the provider may add input by itself: tools that it runs, files that it reads. */
  readonly bounded: boolean;
  /** The request's own bound on one answer's output; undefined where it sets none. */
  readonly outputTokens: number | undefined;
  /** Answers to one request. */
  readonly answers: number;
  /** The unit in which input is written to a cache, where the request asks for that: it costs more than reading. */
  readonly cacheWrite: "text_cache_write" | "text_cache_write_1h" | undefined;
  /** Fees of tools that the provider runs, at most. */
  readonly fees: Units;
}

/** Input that tools of the provider's own may add where the request sets no bound, in tokens. */
const ADDED_INPUT = 100_000;
/** What is expected of a first call instead, in tokens; see decision 17. */
const EXPECTED_ADDED_INPUT = 20_000;
const EXPECTED_OUTPUT = 4_096;

/**
 * The upper bound where the request has one, and the worst case; without a bound also what a first such call is expected
 * to cost. All undefined where nobody knows the price, and where a call is not counted in tokens.
 */
export function estimateHold(
  asked: Omit<PriceRequest, "units">,
  size: CallSize,
  model: string | undefined,
  book: PriceBook,
): HoldEstimate {
  const { inputTokens } = size;
  const outputOfOne = size.outputTokens ?? mostOutputTokens(model);
  const outputTokens = outputOfOne * size.answers;
  const cost = (addedInput: number, output: number): Money | undefined =>
    dearest(asked, size, (inputTokens ?? 0) + (size.bounded ? 0 : addedInput), output, book);
  if (inputTokens === undefined) {
    const priced = book.resolver.resolve(asked.category, asked.resource) !== undefined;
    return { upperBound: undefined, worstCase: undefined, priced, inputTokens, outputTokens: undefined };
  }
  const worstCase = cost(ADDED_INPUT, outputTokens);
  const hasBound = size.bounded && size.outputTokens !== undefined;
  const expectedOutput = (size.outputTokens ?? Math.min(outputOfOne, EXPECTED_OUTPUT)) * size.answers;
  return {
    upperBound: hasBound ? worstCase : undefined,
    worstCase,
    expected: hasBound ? undefined : cost(EXPECTED_ADDED_INPUT, expectedOutput),
    priced: worstCase !== undefined,
    inputTokens,
    outputTokens,
  };
}

/** The dearer of reading the input plainly and writing it to a cache, where the request may do either. */
function dearest(
  asked: Omit<PriceRequest, "units">,
  { cacheWrite, fees }: CallSize,
  input: number,
  output: number,
  book: PriceBook,
): Money | undefined {
  const plain = price({ ...asked, units: { ...fees, text: { input, output } } }, book).total;
  if (plain === null || cacheWrite === undefined) return plain ?? undefined;
  const units = { ...fees, text: { input: 0, output }, [cacheWrite]: { input, output: 0 } };
  const written = price({ ...asked, units }, book);
  return written.status === "priced" && written.total !== null && written.total > plain
    ? written.total
    : plain;
}

/** The call as its event will describe it. */
export function holdContext({ category, resource, context }: Attempt): HoldContext {
  const { useCaseName, useCaseId, useCaseVersion, userId, accountName } = context;
  const { useCaseProperties, requestProperties } = context;
  const properties =
    useCaseProperties === undefined ? requestProperties : { ...useCaseProperties, ...requestProperties };
  return { category, resource, useCaseName, useCaseId, useCaseVersion, userId, accountName, properties };
}
