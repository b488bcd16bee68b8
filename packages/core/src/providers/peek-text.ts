/** The text between `"name":"` and the next unescaped quote; cheap, and good enough for an estimate. */
export function peekText(data: string, name: string): string {
  const start = data.indexOf(`"${name}":"`);
  if (start === -1) return "";
  const from = start + name.length + 4;
  let end = data.indexOf('"', from);
  while (end !== -1 && data.charCodeAt(end - 1) === 92) end = data.indexOf('"', end + 1);
  return end === -1 ? "" : data.slice(from, end);
}
