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

const SPELLED_OTHERWISE = /[A-Z-]/;

/** True for an answer that was cut off, filtered or refused by the provider, whatever the spelling. */
export function isErrorFinish(reason: string): boolean {
  // Asked for every answer, and nearly always about a word that is written as it stands here.
  const plain = SPELLED_OTHERWISE.test(reason) ? reason.toLowerCase().replaceAll("-", "_") : reason;
  return ERROR_REASONS.has(plain);
}
