/** Anthropic, Bedrock and Google: the last call at an old price and the first at a new one, for every dated change of our own rows. */
import { type PriceCase, on } from "./price-case.ts";

/** Both sides of every dated change. */
export const firstDayCases: readonly PriceCase[] = [
  ...on(
    {
      category: "system.anthropic",
      at: "2026-10-06T12:00:00Z",
      source: "https://platform.claude.com/docs/en/about-claude/pricing",
    },
    (at) => [
      at("last day before 2026-10-07, claude-sonnet-5-5", "claude-sonnet-5-5", {}, [
        "text.input 2001 × 2 / 1000000 = 0.004002",
        "text.output 503 × 10 / 1000000 = 0.00503",
        "text_cache_read.input 40001 × 0.20 / 1000000 = 0.0080002",
      ]),
    ],
  ),
  ...on(
    {
      category: "system.anthropic",
      at: "2026-10-07T12:00:00Z",
      source: "https://platform.claude.com/docs/en/about-claude/pricing",
    },
    (at) => [
      at("first day of 2026-10-07, claude-sonnet-5-5", "claude-sonnet-5-5", {}, [
        "text.input 2001 × 2 / 1000000 = 0.004002",
        "text.output 503 × 10 / 1000000 = 0.00503",
        "text_cache_read.input 40001 × 0.10 / 1000000 = 0.0040001",
      ]),
    ],
  ),
  ...on(
    {
      category: "system.anthropic",
      at: "2025-08-11T12:00:00Z",
      source: "https://platform.claude.com/docs/en/about-claude/pricing",
    },
    (at) => [
      at(
        "last day before 2025-08-12, claude-sonnet-4-20250514, long prompt",
        "claude-sonnet-4-20250514",
        {},
        ["text.input 250001 × 3 / 1000000 = 0.750003", "text.output 503 × 15 / 1000000 = 0.007545"],
      ),
    ],
  ),
  ...on(
    {
      category: "system.anthropic",
      at: "2025-08-12T12:00:00Z",
      source: "https://platform.claude.com/docs/en/about-claude/pricing",
    },
    (at) => [
      at("first day of 2025-08-12, claude-sonnet-4-20250514, long prompt", "claude-sonnet-4-20250514", {}, [
        "text.input 250001 × 6 / 1000000 = 1.500006",
        "text.output 503 × 22.50 / 1000000 = 0.0113175",
      ]),
    ],
  ),
  ...on(
    {
      category: "system.aws.bedrock",
      at: "2024-11-30T12:00:00Z",
      source: "https://aws.amazon.com/bedrock/pricing/",
    },
    (at) => [
      at(
        "last day before 2024-12-01, anthropic.claude-3-haiku-20240307-v1:0",
        "anthropic.claude-3-haiku-20240307-v1:0",
        { status: "unknown_unit", units: { guardrail_content: [12, 0] } },
        [],
      ),
    ],
  ),
  ...on(
    {
      category: "system.aws.bedrock",
      at: "2024-12-01T12:00:00Z",
      source: "https://aws.amazon.com/bedrock/pricing/",
    },
    (at) => [
      at(
        "first day of 2024-12-01, anthropic.claude-3-haiku-20240307-v1:0",
        "anthropic.claude-3-haiku-20240307-v1:0",
        {},
        ["guardrail_content.other 12 × 0.15 / 1000 = 0.0018"],
      ),
    ],
  ),
  ...on(
    {
      category: "system.google.vertex",
      at: "2026-12-31T12:00:00Z",
      source: "https://ai.google.dev/gemini-api/docs/pricing",
    },
    (at) => [
      at("last day before 2027-01-01, gemini-3.8-flash, storage", "gemini-3.8-flash", {}, [
        "cache_storage_token_hour.other 250000 × 0.50 / 1000000 = 0.125",
      ]),
      at("last day before 2027-01-01, gemini-3.6-flash", "gemini-3.6-flash", {}, [
        "text.input 2001 × 0.75 / 1000000 = 0.00150075",
        "text.output 503 × 3.75 / 1000000 = 0.00188625",
        "text_cache_read.input 1001 × 0.075 / 1000000 = 0.000075075",
      ]),
      at("last day before 2027-01-01, gemini-3.6-flash batch", "gemini-3.6-flash", { tier: "batch" }, [
        "text.input 2001 × 0.375 / 1000000 = 0.000750375",
        "text.output 503 × 1.875 / 1000000 = 0.000943125",
        "text_cache_read.input 1001 × 0.0375 / 1000000 = 0.0000375375",
      ]),
      at("last day before 2027-01-01, gemini-3.6-flash flex", "gemini-3.6-flash", { tier: "flex" }, [
        "text.input 2001 × 0.375 / 1000000 = 0.000750375",
        "text.output 503 × 1.875 / 1000000 = 0.000943125",
        "text_cache_read.input 1001 × 0.0375 / 1000000 = 0.0000375375",
      ]),
    ],
  ),
  ...on(
    {
      category: "system.google.vertex",
      at: "2027-01-01T12:00:00Z",
      source: "https://ai.google.dev/gemini-api/docs/pricing",
    },
    (at) => [
      at("first day of 2027-01-01, gemini-3.8-flash, storage", "gemini-3.8-flash", {}, [
        "cache_storage_token_hour.other 250000 × 1.00 / 1000000 = 0.25",
      ]),
      at("first day of 2027-01-01, gemini-3.6-flash", "gemini-3.6-flash", {}, [
        "text.input 2001 × 1.5 / 1000000 = 0.0030015",
        "text.output 503 × 7.5 / 1000000 = 0.0037725",
        "text_cache_read.input 1001 × 0.15 / 1000000 = 0.00015015",
      ]),
      at("first day of 2027-01-01, gemini-3.6-flash batch", "gemini-3.6-flash", { tier: "batch" }, [
        "text.input 2001 × 0.75 / 1000000 = 0.00150075",
        "text.output 503 × 3.75 / 1000000 = 0.00188625",
        "text_cache_read.input 1001 × 0.075 / 1000000 = 0.000075075",
      ]),
      at("first day of 2027-01-01, gemini-3.6-flash flex", "gemini-3.6-flash", { tier: "flex" }, [
        "text.input 2001 × 0.75 / 1000000 = 0.00150075",
        "text.output 503 × 3.75 / 1000000 = 0.00188625",
        "text_cache_read.input 1001 × 0.075 / 1000000 = 0.000075075",
      ]),
    ],
  ),
];
