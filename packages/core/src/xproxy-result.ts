import { getRuntime } from "./runtime.ts";
import { type XproxyResult } from "./wire/result.ts";

/**
 * What a call cost, told by its answer: the object that a provider's SDK returned, a stream, one of its chunks or
 * events, the `Response`, or the provider's response id. The SDK's own price as soon as the answer was read, the
 * platform's once it has answered; undefined before, for answers of nobody's, and after some 10,000 further calls.
 *
 * @example
 * const message = await anthropic.messages.create(request);
 * console.log(xproxyResult(message)?.cost?.total);
 */
export function xproxyResult(answer: unknown): XproxyResult | undefined {
  return getRuntime()?.answers.resultOf(answer);
}
