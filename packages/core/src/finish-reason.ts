/** Why a model stopped, in the words of providers and frameworks: the ones that mean that the answer is not what was asked for. */
const ERROR_REASONS: ReadonlySet<string> = new Set([
  "blocklist",
  "content_filter",
  "content_filtered",
  "error",
  "failed",
  "guardrail_intervened",
  "image_safety",
  "incomplete",
  "language",
  "length",
  "malformed_function_call",
  "max_output_tokens",
  "max_tokens",
  "model_context_window_exceeded",
  "prohibited_content",
  "recitation",
  "refusal",
  "safety",
  "spii",
]);

/** Words of the last answers: models stop for few reasons. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 100;

/** True for an answer that was cut off, filtered or refused by the provider, whatever the spelling. */
export function isErrorFinish(reason: string): boolean {
  let isError = known.get(reason);
  if (isError === undefined) {
    isError = ERROR_REASONS.has(reason.toLowerCase().replaceAll("-", "_"));
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(reason, isError);
  }
  return isError;
}
