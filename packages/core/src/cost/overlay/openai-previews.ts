/** OpenAI's preview models that the price page shows no more; read through copies of it in public repositories, hence B. */
import { type AliasRow, type PriceRow, type PriceSource } from "../row.ts";
import { OPENAI, OPENAI_PAGE } from "./openai-source.ts";
import { names, perMillion, table } from "./overlay.ts";

const COPY: PriceSource = { ...OPENAI_PAGE, confidence: "B", note: "preview models, as the page had them" };

function audio(models: string, input: string, output: string, from: string): PriceRow {
  return {
    category: OPENAI,
    resources: names(models),
    from,
    units: { audio: { input: perMillion(input), output: perMillion(output) } },
    source: COPY,
  };
}

function cachedAudio(model: string, usd: string): PriceRow {
  const units = { audio_cache_read: { input: perMillion(usd) } };
  return { category: OPENAI, resources: [model], units, source: COPY };
}

/** Audio cost $100 and $200 before this snapshot. */
const CHEAPER_AUDIO = "2024-12-17T00:00:00Z";

/** What the catalogue lacks of them. */
export const openaiPreviewRows: readonly PriceRow[] = [
  ...table(
    { category: OPENAI, source: COPY },
    { "computer-use-preview": { input: "3.00", output: "12.00" } },
  ),
  ...table(
    { category: OPENAI, tier: "batch", source: COPY },
    { "computer-use-preview": { input: "1.50", output: "6.00" } },
  ),
  audio("gpt-4o-audio-preview", "40", "80", CHEAPER_AUDIO),
  audio("gpt-4o-mini-audio-preview", "10", "20", CHEAPER_AUDIO),
  cachedAudio("gpt-4o-realtime-preview", "2.50"),
  cachedAudio("gpt-4o-mini-realtime-preview", "0.30"),
];

const SNAPSHOTS: Readonly<Record<string, readonly string[]>> = {
  "computer-use-preview": ["2025-03-11"],
  "gpt-4o-audio-preview": ["2024-12-17", "2025-06-03"],
  "gpt-4o-realtime-preview": ["2024-12-17", "2025-06-03"],
  "gpt-4o-mini-audio-preview": ["2024-12-17"],
  "gpt-4o-mini-realtime-preview": ["2024-12-17"],
};

/** Their dated snapshots. */
export const openaiPreviewAliases: readonly AliasRow[] = Object.entries(SNAPSHOTS).flatMap(
  ([resource, days]) =>
    days.map((day) => ({ category: OPENAI, alias: `${resource}-${day}`, targets: [{ resource }] })),
);
