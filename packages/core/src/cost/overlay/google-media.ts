/** Google's image, video, music and speech models. */
import { type PriceRow, type UnitRates } from "../row.ts";
import { GOOGLE, GOOGLE_PAGE } from "./google-source.ts";
import { each, perMillion } from "./overlay.ts";

function row(models: string, units: UnitRates, note: string, tier?: string): PriceRow {
  return { category: GOOGLE, resources: models.split(" "), tier, units, source: { ...GOOGLE_PAGE, note } };
}

/** Pay-i's own unit `image` counts pictures for these models, as `images` does. */
function pictures(usd: string): UnitRates {
  return { images: { output: each(usd) }, image: { output: each(usd) } };
}

function seconds(sizes: Readonly<Record<string, string>>): UnitRates {
  return Object.fromEntries(
    Object.entries(sizes).map(([size, usd]) => [`video_seconds@${size}`, { output: each(usd) }]),
  );
}

const anySize = (usd: string): UnitRates => ({ video_seconds: { output: each(usd) } });

function imageTokens(input: string, output: string, image: string): UnitRates {
  return {
    text: { input: perMillion(input), output: perMillion(output) },
    image: { output: perMillion(image) },
  };
}

function speech(input: string, output: string): UnitRates {
  return { text: { input: perMillion(input) }, audio: { output: perMillion(output) } };
}

/** Media models. */
export const googleMediaRows: readonly PriceRow[] = [
  row("imagen-4.0-fast-generate-001", pictures("0.02"), "per image"),
  row("imagen-4.0-generate-001", pictures("0.04"), "per image"),
  row("imagen-4.0-ultra-generate-001", pictures("0.06"), "per image"),
  row(
    "veo-3.1-generate-preview",
    seconds({ "720p": "0.40", "1080p": "0.40", "4k": "0.60" }),
    "per second, with audio",
  ),
  row(
    "veo-3.1-fast-generate-preview",
    seconds({ "720p": "0.15", "1080p": "0.15", "4k": "0.35" }),
    "per second, with audio",
  ),
  row("veo-3.0-generate-001", anySize("0.40"), "per second, with audio"),
  row("veo-3.0-fast-generate-001", anySize("0.15"), "per second, with audio"),
  row("veo-2.0-generate-001", anySize("0.35"), "per second"),
  row("lyria-3-pro-preview", { songs: { output: each("0.08") } }, "per song"),
  row("lyria-3-clip-preview", { songs: { output: each("0.04") } }, "per song"),
  row("gemini-2.5-flash-image", imageTokens("0.15", "1.25", "15"), "batch table", "batch"),
  row(
    "gemini-3.1-flash-image-preview gemini-3.1-flash-image",
    imageTokens("0.25", "1.50", "30"),
    "batch table",
    "batch",
  ),
  row(
    "gemini-3-pro-image-preview gemini-3-pro-image",
    imageTokens("1.00", "6.00", "60"),
    "batch table",
    "batch",
  ),
  row("gemini-2.5-flash-preview-tts gemini-2.5-flash-tts", speech("0.50", "10"), "text in, audio out"),
  row("gemini-2.5-pro-preview-tts gemini-2.5-pro-tts", speech("1.00", "20"), "text in, audio out"),
  row("gemini-2.5-flash-preview-tts gemini-2.5-flash-tts", speech("0.25", "5"), "batch table", "batch"),
  row("gemini-2.5-pro-preview-tts gemini-2.5-pro-tts", speech("0.50", "10"), "batch table", "batch"),
  row(
    "gemini-2.5-flash-native-audio-preview-12-2025",
    {
      text: { input: perMillion("0.50"), output: perMillion("2.00") },
      audio: { input: perMillion("3.00"), output: perMillion("12.00") },
      video: { input: perMillion("3.00") },
    },
    "Live API",
  ),
];
