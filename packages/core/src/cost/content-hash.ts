/**
 * Names content by 16 hexadecimal digits: two 32-bit FNV-1a lanes with different beginnings. It tells one book from
 * another and runs wherever JavaScript does; it is no protection against somebody who wants two books to look alike.
 */
export function contentHash(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x050c5d1f;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ (code + index), 0x01000193);
  }
  return [first, second].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}
