/**
 * The most tokens that a model puts out in one answer, for requests that set no bound. A model that is not listed counts
 * as one of the largest, so that a hold is rather too large.
 *
 * As the providers list them: developers.openai.com/api/docs/models, platform.claude.com/docs/en/about-claude/models,
 * ai.google.dev/gemini-api/docs/models.
 */
const MAXIMA: readonly (readonly [prefix: RegExp, tokens: number])[] = [
  [/embed/, 0],
  [/^gpt-4\.1/, 32_768],
  [/^gpt-4o|^chatgpt-4o/, 16_384],
  [/^gpt-4|^gpt-3\.5/, 8_192],
  [/^o[134]/, 100_000],
  [/claude-3-5/, 8_192],
  [/claude-3-(?!7)/, 4_096],
  [/claude-opus-4-1|claude-opus-4-2/, 32_000],
  [/claude-(?:sonnet-4-[25]|haiku-4-5|opus-4-5)/, 64_000],
  [/gemini-(?:1\.5|2\.0)/, 8_192],
  [/gemini-/, 65_536],
];

const LARGEST = 128_000;

export function mostOutputTokens(model: string | undefined): number {
  if (model === undefined) return LARGEST;
  const name = model.toLowerCase();
  return MAXIMA.find(([prefix]) => prefix.test(name))?.[1] ?? LARGEST;
}
