/**
 * What a token is to the simulator: a word piece of up to six letters with the blank before it, up to three digits,
 * or up to two other characters. No vocabulary, so anybody can count an answer again by hand.
 */
const TOKEN = / ?\p{L}{1,6}|\p{N}{1,3}|[^\p{L}\p{N}]{1,2}/gu;

/** Splits text into tokens; joined again they are the text. */
export function tokenize(text: string): readonly string[] {
  return text.match(TOKEN) ?? [];
}

/** The number of tokens of a text. */
export function countTokens(text: string): number {
  return tokenize(text).length;
}
