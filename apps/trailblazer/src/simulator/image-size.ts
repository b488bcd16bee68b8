/** An image that is somewhere else, or in a format that is not known here, counts like a large one. */
const UNKNOWN = 1000;
const LONGEST_SIDE = 1568;
const PIXELS_PER_TOKEN = 750;

/**
 * The tokens of an image in base64: one for 750 pixels begun, after it was shrunk to at most 1,568 pixels a side, as
 * Anthropic counts (platform.claude.com, Vision). OpenAI's images are counted the same here.
 */
export function countImage(base64: string): number {
  const size = readSize(Buffer.from(base64, "base64"));
  if (size === undefined) return UNKNOWN;
  const shrink = Math.min(1, LONGEST_SIDE / Math.max(size.width, size.height));
  return Math.ceil((size.width * shrink * (size.height * shrink)) / PIXELS_PER_TOKEN);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size that a PNG or JPEG says it has; undefined for anything else. */
function readSize(bytes: Buffer): Size | undefined {
  if (bytes.length >= 24 && bytes.toString("latin1", 1, 4) === "PNG") {
    return sized(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  }
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff_d8) return undefined;
  // Segments: a marker, its length with these two bytes, its content. A frame's header has the size.
  for (let at = 2; at + 9 <= bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xff_c0 && marker <= 0xff_c3) {
      return sized(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
    }
    if (marker < 0xff_00) return undefined;
  }
  return undefined;
}

function sized(width: number, height: number): Size | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}
