/** The text between `"name":"` and the next unescaped quote; cheap, and good enough for an estimate. */
export function peekText(data: string, name: string): string {
  const start = data.indexOf(`"${name}":"`);
  if (start === -1) return "";
  const from = start + name.length + 4;
  const end = endOfText(data, from);
  return end === -1 ? "" : data.slice(from, end);
}

/** Where the first text of each name stands, in the order of their places; names that are absent are left out. */
export function inPlaces(
  data: string,
  names: readonly string[],
): readonly (readonly [start: number, end: number])[] {
  return names
    .map((name) => {
      const start = data.indexOf(`"${name}":"`);
      const from = start + name.length + 4;
      return [start === -1 ? -1 : from, endOfText(data, from)] as const;
    })
    .filter(([start, end]) => start !== -1 && end !== -1)
    .toSorted(([left], [right]) => left - right);
}

function endOfText(data: string, from: number): number {
  let end = data.indexOf('"', from);
  while (end !== -1 && data.charCodeAt(end - 1) === 92) end = data.indexOf('"', end + 1);
  return end;
}
