/** What is not known of OpenAI is said, not guessed. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-10T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** What is not known of OpenAI is said, not guessed. */
export const openaiUnknownCases: readonly PriceCase[] = [
  at(
    "an unknown model",
    "gpt-7-quantum-preview",
    { status: "unknown_model", units: { text: [1000, 500] } },
    [],
  ),
  at(
    "a name that begins like a known one",
    "gpt-5-turbo",
    { status: "unknown_model", units: { text: [1000, 500] } },
    [],
  ),
  at(
    "a fine-tune of a base without fine-tunes",
    "ft:gpt-5:acme::abc123",
    { status: "unknown_model", units: { text: [1000, 500] } },
    [],
  ),
  at(
    "a call before the model was there",
    "gpt-5",
    { status: "no_price_at_time", units: { text: [1000, 500] }, at: "2025-08-06T23:59:59.999Z" },
    [],
  ),
  at(
    "a tier the model is not sold in",
    "gpt-5-pro",
    { status: "ambiguous", units: { text: [1000, 500] }, tier: "flex" },
    [],
  ),
  at(
    "a tier nobody knows",
    "gpt-5",
    { status: "ambiguous", units: { text: [1000, 500] }, tier: "turbo" },
    [],
  ),
  at(
    "priority for a long prompt is not sold",
    "gpt-5.5",
    { status: "ambiguous", units: { text: [272_000, 500] }, tier: "priority" },
    [],
  ),
  at(
    "batch for a long prompt that has no batch price",
    "gpt-5.5-pro",
    { status: "ambiguous", units: { text: [272_000, 500] }, tier: "batch" },
    [],
  ),
  at(
    "priority for a long prompt of GPT-6 Luna has no price we know",
    "gpt-6-luna",
    { status: "ambiguous", units: { text: [272_001, 500] }, tier: "priority", at: "2026-09-25T00:00:00Z" },
    [],
  ),
  at(
    "audio is never the text rate",
    "gpt-5",
    { status: "partial", units: { text: [100, 0], audio: [50, 0] } },
    ["text.input 100 × 1.25 / 1000000 = 0.000125"],
  ),
  at("only unknown units", "gpt-5", { status: "unknown_unit", units: { audio: [50, 0] } }, []),
  at(
    "cached input in batch where the page has no cell",
    "gpt-4.1",
    { status: "partial", units: { text: [100, 0], text_cache_read: [50, 0] }, tier: "batch" },
    ["text.input 100 × 1 / 1000000 = 0.0001"],
  ),
  at("nothing used costs nothing", "gpt-5", { units: { text: [0, 0] } }, []),
];
