/** What the fields of a LiteLLM price file mean in our units. */
import { type PublishedRate } from "@payi/core/cost";

/** One price of an entry: which unit, in which tier, from which size of context on. */
export interface LitellmField {
  readonly unit: string;
  readonly direction: "input" | "output";
  readonly tier: string | undefined;
  /** Holds above so many input tokens. */
  readonly above: number | undefined;
  readonly perMillion: boolean;
}

type Target = readonly [unit: string, direction: "input" | "output", perMillion: boolean];

const FIELDS: Readonly<Record<string, Target>> = {
  input_cost_per_token: ["text", "input", true],
  output_cost_per_token: ["text", "output", true],
  output_cost_per_reasoning_token: ["reasoning", "output", true],
  cache_read_input_token_cost: ["text_cache_read", "input", true],
  cache_creation_input_token_cost: ["text_cache_write", "input", true],
  cache_creation_input_token_cost_above_1hr: ["text_cache_write_1h", "input", true],
  input_cost_per_audio_token: ["audio", "input", true],
  output_cost_per_audio_token: ["audio", "output", true],
  cache_read_input_audio_token_cost: ["audio_cache_read", "input", true],
  input_cost_per_image_token: ["vision", "input", true],
  output_cost_per_image_token: ["image", "output", true],
  ocr_cost_per_page: ["pages", "input", false],
};
/** Fields that mean another unit in each mode. */
const BY_MODE: Readonly<Record<string, Readonly<Record<string, Target>>>> = {
  image_generation: { output_cost_per_image: ["images", "output", false] },
  audio_transcription: { input_cost_per_second: ["audio_seconds", "input", false] },
  audio_speech: { input_cost_per_character: ["characters", "input", true] },
};
const TIERS: Readonly<Record<string, string>> = { batches: "batch", flex: "flex", priority: "priority" };
const SUFFIXES = /^(.+?)(?:_above_(\d+)k_tokens)?(?:_(batches|flex|priority))?$/;
const MOST_DIGITS = 12;
const MILLION = 1_000_000;

/** Undefined for a field that no unit of ours stands for. */
export function readLitellmField(field: string, mode: string): LitellmField | undefined {
  const [, name = "", thousands, tier] = SUFFIXES.exec(field) ?? [];
  const target = FIELDS[name] ?? BY_MODE[mode]?.[name];
  if (target === undefined) return undefined;
  const [unit, direction, perMillion] = target;
  return {
    unit,
    direction,
    perMillion,
    tier: tier === undefined ? undefined : TIERS[tier],
    above: thousands === undefined ? undefined : Number(thousands) * 1000,
  };
}

/**
 * The price as a page would print it. JavaScript prints the shortest decimal that reads back, which is the published
 * figure; undefined where it shows the traces of a calculation in binary fractions (more than 12 digits).
 */
export function publishedRate(amount: number, perMillion: boolean): PublishedRate | undefined {
  const [digits = "", exponent = "0"] = amount.toExponential().replace(".", "").split("e");
  if (!(amount > 0) || digits.length > MOST_DIGITS) return undefined;
  const point = Number(exponent) + 1 + (perMillion ? 6 : 0);
  const usd =
    point <= 0
      ? `0.${"0".repeat(-point)}${digits}`
      : point >= digits.length
        ? digits.padEnd(point, "0")
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return { usd, per: perMillion ? MILLION : 1 };
}
