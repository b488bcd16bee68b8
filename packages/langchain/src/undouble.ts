/** Merging the chunks of a stream repeats text: `gpt-5gpt-5`. */
export function undouble(merged: string | undefined): string | undefined {
  if (merged === undefined) return undefined;
  const half = merged.slice(0, merged.length / 2);
  return half !== "" && merged.length === half.length * 2 && merged.endsWith(half) ? half : merged;
}
