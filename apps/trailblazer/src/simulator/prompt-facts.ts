/** A line such as `Location: Moab, Utah` in a prompt; undefined when there is none. The name's case does not count. */
export function readFact(prompt: string, name: string): string | undefined {
  const literal = name.replaceAll(/[^\w ]/g, String.raw`\$&`);
  const value = new RegExp(`^\\s*(?:[-*]\\s*)?${literal}\\s*:\\s*(.+)$`, "im").exec(prompt)?.[1]?.trim();
  return value === "" ? undefined : value;
}
