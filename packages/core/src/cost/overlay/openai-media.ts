/** OpenAI's prices that are not text tables: images, video, speech, transcription, live sessions, fine-tunes, moderation. */
import { type PriceRow, type UnitRates } from "../row.ts";
import { OPENAI, OPENAI_PAGE } from "./openai-source.ts";
import { each, names, perMillion, table } from "./overlay.ts";

/** Image models: text in, cached text, image in, cached image, image out, text out; dollars per million tokens. */
const IMAGES = `
gpt-image-2.5-sunburst  5.00  1.25   8.00   2.00  30.00  -
gpt-image-2.5-flare     5.00  1.25   8.00   2.00  30.00  -
gpt-image-2             5.00  1.25   8.00   2.00  30.00  -
gpt-image-1.5           5.00  1.25   8.00   2.00  32.00  10.00
chatgpt-image-latest    5.00  1.25   8.00   2.00  32.00  10.00
gpt-image-1-mini        2.00  0.20   2.50   0.25  8.00   -
gpt-image-1             5.00  1.25   10.00  2.50  40.00  -`;
const IMAGES_BATCH = `
gpt-image-2             2.50  0.625  4.00   1.00  15.00  -
gpt-image-1.5           2.50  0.63   4.00   1.00  16.00  5.00
chatgpt-image-latest    2.50  0.63   4.00   1.00  16.00  5.00
gpt-image-1-mini        1.00  0.10   1.25   0.13  4.00   -
gpt-image-1             2.50  0.63   5.00   1.25  20.00  -`;

function imageRows(text: string, tier?: string): PriceRow[] {
  return text
    .trim()
    .split("\n")
    .map((line): PriceRow => {
      const [model = "", textIn = "", cached = "", image = "", cachedImage = "", out = "", textOut = "-"] =
        line.split(/\s+/);
      return {
        category: OPENAI,
        resources: [model],
        tier,
        units: {
          text: {
            input: perMillion(textIn),
            ...(textOut === "-" ? {} : { output: perMillion(textOut) }),
          },
          text_cache_read: { input: perMillion(cached) },
          vision: { input: perMillion(image) },
          vision_cache_read: { input: perMillion(cachedImage) },
          image: { output: perMillion(out) },
        },
        source: { ...OPENAI_PAGE, note: `image generation models${tier === undefined ? "" : `, ${tier}`}` },
      };
    });
}

function row(models: string, units: UnitRates, note: string, more: Partial<PriceRow> = {}): PriceRow {
  return { category: OPENAI, resources: names(models), units, source: { ...OPENAI_PAGE, note }, ...more };
}

const BATCH = { tier: "batch" } as const;

const video = (size: string, usd: string): UnitRates => ({
  [`video_seconds@${size}`]: { output: each(usd) },
});
const minutes = (usd: string): UnitRates => ({ audio_seconds: { input: { usd, per: 60 } } });
const audioIn = (usd: string): UnitRates => ({ audio: { input: perMillion(usd) } });
const characters = (usd: string): UnitRates => ({ characters: { input: perMillion(usd) } });

const MEDIA: readonly PriceRow[] = [
  row("sora-2", video("720p", "0.10"), "per second of video"),
  row(
    "sora-2-pro",
    { ...video("720p", "0.30"), ...video("1024p", "0.50"), ...video("1080p", "0.70") },
    "per second of video",
  ),
  row("sora-2", video("720p", "0.05"), "per second of video, batch", BATCH),
  row(
    "sora-2-pro",
    { ...video("720p", "0.15"), ...video("1024p", "0.25"), ...video("1080p", "0.35") },
    "per second of video, batch",
    BATCH,
  ),
  row("tts-1 tts-1-1106", characters("15"), "per million characters"),
  row("tts-1-hd tts-1-hd-1106", characters("30"), "per million characters"),
  row("gpt-4o-mini-tts", { audio: { output: perMillion("12") } }, "audio output"),
  row("gpt-realtime-translate", minutes("0.034"), "per minute"),
  row("gpt-live-transcribe gpt-realtime-whisper", minutes("0.017"), "per minute"),
  row(
    "gpt-live-1",
    { live_session_second: { output: { usd: "0.05", per: 60 } } },
    "by the second, $0.05 a minute",
  ),
];

/** The page has one input price; the model's own page has $6 and $3 for audio input, which the catalogue follows. */
const ONE_INPUT_PRICE = "the price page has one input column, the model page a second";
const SINCE_2026 = { from: "2026-01-01T00:00:00Z" } as const;
const TRANSCRIPTION: readonly PriceRow[] = [
  row("gpt-4o-transcribe gpt-4o-transcribe-diarize", audioIn("2.50"), ONE_INPUT_PRICE, SINCE_2026),
  row("gpt-4o-mini-transcribe", audioIn("1.25"), ONE_INPUT_PRICE, SINCE_2026),
];

const FINE_TUNES: Parameters<typeof table>[1] = {
  "ft:o4-mini-2025-04-16": { input: "4.00", cached: "1.00", output: "16.00" },
  "ft:gpt-4.1-2025-04-14": { input: "3.00", cached: "0.75", output: "12.00" },
  "ft:gpt-4.1-mini-2025-04-14": { input: "0.80", cached: "0.20", output: "3.20" },
  "ft:gpt-4.1-nano-2025-04-14": { input: "0.20", cached: "0.05", output: "0.80" },
  "ft:gpt-4o-2024-08-06": { input: "3.75", cached: "1.875", output: "15.00" },
  "ft:gpt-4o-mini-2024-07-18": { input: "0.30", cached: "0.15", output: "1.20" },
  "ft:gpt-3.5-turbo ft:gpt-3.5-turbo-0125 ft:gpt-3.5-turbo-1106 ft:gpt-3.5-turbo-0613": {
    input: "3.00",
    output: "6.00",
  },
  "ft:davinci-002": { input: "12.00", output: "12.00" },
  "ft:babbage-002": { input: "1.60", output: "1.60" },
};
const FINE_TUNES_BATCH: Parameters<typeof table>[1] = {
  "ft:o4-mini-2025-04-16": { input: "2.00", cached: "0.50", output: "8.00" },
  "ft:gpt-4.1-2025-04-14": { input: "1.50", cached: "0.50", output: "6.00" },
  "ft:gpt-4.1-mini-2025-04-14": { input: "0.40", cached: "0.10", output: "1.60" },
  "ft:gpt-4.1-nano-2025-04-14": { input: "0.10", cached: "0.025", output: "0.40" },
  "ft:gpt-4o-2024-08-06": { input: "2.225", cached: "0.90", output: "12.50" },
  "ft:gpt-4o-mini-2024-07-18": { input: "0.15", cached: "0.075", output: "0.60" },
  "ft:gpt-3.5-turbo ft:gpt-3.5-turbo-0125 ft:gpt-3.5-turbo-1106 ft:gpt-3.5-turbo-0613": {
    input: "1.50",
    output: "3.00",
  },
  "ft:davinci-002": { input: "6.00", output: "6.00" },
  "ft:babbage-002": { input: "0.80", output: "0.90" },
};

/** Free is a price. */
const MODERATION: PriceRow = {
  category: OPENAI,
  resources: names(`
  omni-moderation-latest omni-moderation-2024-09-26 text-moderation-latest
  text-moderation-stable text-moderation-007`),
  anyVariant: true,
  units: {
    text: { input: perMillion("0"), output: perMillion("0") },
    vision: { input: perMillion("0") },
  },
  source: { ...OPENAI_PAGE, note: "moderation is free" },
};

/** Everything that is not a text table. */
export const openaiMediaRows: readonly PriceRow[] = [
  ...imageRows(IMAGES),
  ...imageRows(IMAGES_BATCH, "batch"),
  ...MEDIA,
  ...TRANSCRIPTION,
  ...table({ category: OPENAI, source: { ...OPENAI_PAGE, note: "fine-tuned models" } }, FINE_TUNES),
  ...table(
    { category: OPENAI, tier: "batch", source: { ...OPENAI_PAGE, note: "fine-tuned, batch" } },
    FINE_TUNES_BATCH,
  ),
  MODERATION,
];
