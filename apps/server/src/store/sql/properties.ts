/** A property bag with a patch applied: null removes. The result has no prototype, so any name is data. */
export function mergeProperties(
  bag: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.create(null) as Record<string, string>;
  for (const name of Object.keys(bag)) merged[name] = bag[name] ?? "";
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    if (value === null || value === undefined) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}
