/** Anthropic: fast mode, geography, tools, the premium for long prompts. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.anthropic",
  at: "2026-09-10T12:00:00Z",
  source: "https://platform.claude.com/docs/en/about-claude/pricing",
});

/** Anthropic: fast mode, geography, tools, the premium for long prompts. */
export const anthropicModifierCases: readonly PriceCase[] = [
  at("claude-opus-5, fast mode: twice, caches too", "claude-opus-5", { speed: "fast" }, [
    "text.input 1000 × 5 × 2 / 1000000 = 0.01",
    "text_cache_read.input 5000 × 0.50 × 2 / 1000000 = 0.005",
    "text_cache_write.input 200 × 6.25 × 2 / 1000000 = 0.0025",
    "text_cache_write_1h.input 200 × 10 × 2 / 1000000 = 0.004",
    "text.output 500 × 25 × 2 / 1000000 = 0.025",
  ]),
  at("claude-opus-5, fast mode named as a tier", "claude-opus-5", { tier: "fast" }, [
    "text.input 1000 × 5 × 2 / 1000000 = 0.01",
    "text_cache_read.input 5000 × 0.50 × 2 / 1000000 = 0.005",
    "text_cache_write.input 200 × 6.25 × 2 / 1000000 = 0.0025",
    "text_cache_write_1h.input 200 × 10 × 2 / 1000000 = 0.004",
    "text.output 500 × 25 × 2 / 1000000 = 0.025",
  ]),
  at("claude-opus-5, fast mode in the US", "claude-opus-5", { speed: "fast", geo: "us" }, [
    "text.input 1000 × 5 × 2 × 1.1 / 1000000 = 0.011",
    "text_cache_read.input 5000 × 0.50 × 2 × 1.1 / 1000000 = 0.0055",
    "text_cache_write.input 200 × 6.25 × 2 × 1.1 / 1000000 = 0.00275",
    "text_cache_write_1h.input 200 × 10 × 2 × 1.1 / 1000000 = 0.0044",
    "text.output 500 × 25 × 2 × 1.1 / 1000000 = 0.0275",
  ]),
  at("claude-opus-4-8, fast mode: twice, caches too", "claude-opus-4-8", { speed: "fast" }, [
    "text.input 1000 × 5 × 2 / 1000000 = 0.01",
    "text_cache_read.input 5000 × 0.50 × 2 / 1000000 = 0.005",
    "text_cache_write.input 200 × 6.25 × 2 / 1000000 = 0.0025",
    "text_cache_write_1h.input 200 × 10 × 2 / 1000000 = 0.004",
    "text.output 500 × 25 × 2 / 1000000 = 0.025",
  ]),
  at("claude-opus-4-8, fast mode named as a tier", "claude-opus-4-8", { tier: "fast" }, [
    "text.input 1000 × 5 × 2 / 1000000 = 0.01",
    "text_cache_read.input 5000 × 0.50 × 2 / 1000000 = 0.005",
    "text_cache_write.input 200 × 6.25 × 2 / 1000000 = 0.0025",
    "text_cache_write_1h.input 200 × 10 × 2 / 1000000 = 0.004",
    "text.output 500 × 25 × 2 / 1000000 = 0.025",
  ]),
  at("claude-opus-4-8, fast mode in the US", "claude-opus-4-8", { speed: "fast", geo: "us" }, [
    "text.input 1000 × 5 × 2 × 1.1 / 1000000 = 0.011",
    "text_cache_read.input 5000 × 0.50 × 2 × 1.1 / 1000000 = 0.0055",
    "text_cache_write.input 200 × 6.25 × 2 × 1.1 / 1000000 = 0.00275",
    "text_cache_write_1h.input 200 × 10 × 2 × 1.1 / 1000000 = 0.0044",
    "text.output 500 × 25 × 2 × 1.1 / 1000000 = 0.0275",
  ]),
  at(
    "claude-opus-5-5, fast mode: twice, caches too",
    "claude-opus-5-5",
    { speed: "fast", at: "2026-09-25T00:00:00Z" },
    [
      "text.input 1000 × 4 × 2 / 1000000 = 0.008",
      "text_cache_read.input 5000 × 0.20 × 2 / 1000000 = 0.002",
      "text_cache_write.input 200 × 5 × 2 / 1000000 = 0.002",
      "text_cache_write_1h.input 200 × 8 × 2 / 1000000 = 0.0032",
      "text.output 500 × 20 × 2 / 1000000 = 0.02",
    ],
  ),
  at(
    "claude-opus-5-5, fast mode named as a tier",
    "claude-opus-5-5",
    { tier: "fast", at: "2026-09-25T00:00:00Z" },
    [
      "text.input 1000 × 4 × 2 / 1000000 = 0.008",
      "text_cache_read.input 5000 × 0.20 × 2 / 1000000 = 0.002",
      "text_cache_write.input 200 × 5 × 2 / 1000000 = 0.002",
      "text_cache_write_1h.input 200 × 8 × 2 / 1000000 = 0.0032",
      "text.output 500 × 20 × 2 / 1000000 = 0.02",
    ],
  ),
  at(
    "claude-opus-5-5, fast mode in the US",
    "claude-opus-5-5",
    { speed: "fast", geo: "us", at: "2026-09-25T00:00:00Z" },
    [
      "text.input 1000 × 4 × 2 × 1.1 / 1000000 = 0.0088",
      "text_cache_read.input 5000 × 0.20 × 2 × 1.1 / 1000000 = 0.0022",
      "text_cache_write.input 200 × 5 × 2 × 1.1 / 1000000 = 0.0022",
      "text_cache_write_1h.input 200 × 8 × 2 × 1.1 / 1000000 = 0.00352",
      "text.output 500 × 20 × 2 × 1.1 / 1000000 = 0.022",
    ],
  ),
  at("fast mode of Opus 4.6 in its time", "claude-opus-4-6", { speed: "fast", at: "2026-04-01T00:00:00Z" }, [
    "text.input 1000 × 5 × 6 / 1000000 = 0.03",
    "text.output 100 × 25 × 6 / 1000000 = 0.015",
  ]),
  at(
    "fast mode of Opus 4.6 with a long prompt under the premium",
    "claude-opus-4-6",
    { speed: "fast", at: "2026-02-20T00:00:00Z" },
    ["text.input 200001 × 10 × 6 / 1000000 = 12.00006", "text.output 100 × 37.5 × 6 / 1000000 = 0.0225"],
  ),
  at(
    "fast mode where there is none",
    "claude-sonnet-4-6",
    { status: "ambiguous", units: { text: [10, 10] }, speed: "fast" },
    [],
  ),
  at(
    "fast mode in batch is not sold",
    "claude-opus-5",
    { status: "ambiguous", units: { text: [10, 10] }, speed: "fast", tier: "batch" },
    [],
  ),
  at("claude-opus-4-6 in the US", "claude-opus-4-6", { geo: "us" }, [
    "text.input 1000 × 5 × 1.1 / 1000000 = 0.0055",
    "text.output 100 × 25 × 1.1 / 1000000 = 0.00275",
  ]),
  at("claude-sonnet-4-6 in the US", "claude-sonnet-4-6", { geo: "us" }, [
    "text.input 1000 × 3 × 1.1 / 1000000 = 0.0033",
    "text.output 100 × 15 × 1.1 / 1000000 = 0.00165",
  ]),
  at("claude-sonnet-5 in the US", "claude-sonnet-5", { geo: "us" }, [
    "text.input 1000 × 2 × 1.1 / 1000000 = 0.0022",
    "text.output 100 × 10 × 1.1 / 1000000 = 0.0011",
  ]),
  at("claude-fable-5 in the US", "claude-fable-5", { geo: "us" }, [
    "text.input 1000 × 10 × 1.1 / 1000000 = 0.011",
    "text.output 100 × 50 × 1.1 / 1000000 = 0.0055",
  ]),
  at("US geography and batch", "claude-sonnet-4-6", { geo: "us", tier: "batch" }, [
    "text.input 1000 × 3 × 0.5 × 1.1 / 1000000 = 0.00165",
    "text_cache_read.input 500 × 0.3 × 0.5 × 1.1 / 1000000 = 0.0000825",
    "text.output 100 × 15 × 0.5 × 1.1 / 1000000 = 0.000825",
  ]),
  at("US geography does not touch fees", "claude-opus-5", { geo: "us" }, [
    "text.input 1000 × 5 × 1.1 / 1000000 = 0.0055",
    "web_search_request.other 2 × 10 / 1000 = 0.02",
  ]),
  at("global geography is the plain price", "claude-opus-5", { geo: "global" }, [
    "text.input 1000 × 5 / 1000000 = 0.005",
  ]),
  at("geography not available is the plain price", "claude-haiku-4-5", { geo: "not_available" }, [
    "text.input 1000 × 1 / 1000000 = 0.001",
  ]),
  at("geography told as a scope", "claude-opus-5", { scope: "datazone.us" }, [
    "text.input 1000 × 5 × 1.1 / 1000000 = 0.0055",
  ]),
  at(
    "geography of a model that has none",
    "claude-sonnet-4-5",
    { status: "ambiguous", units: { text: [10, 10] }, geo: "us" },
    [],
  ),
  at("web search: each search counts", "claude-sonnet-4-20250514", {}, [
    "text.input 2500 × 3 / 1000000 = 0.0075",
    "text.output 1200 × 15 / 1000000 = 0.018",
    "web_search_request.other 3 × 10 / 1000 = 0.03",
  ]),
  at("web fetch is free", "claude-sonnet-4-6", {}, [
    "text.input 2500 × 3 / 1000000 = 0.0075",
    "web_fetch_request.other 4 × 0 / 1 = 0",
  ]),
  at("code execution by the hour", "claude-sonnet-4-6", {}, [
    "text.input 2500 × 3 / 1000000 = 0.0075",
    "code_execution_hour.other 0.5 × 0.05 / 1 = 0.025",
  ]),
  at("image input is paid as input", "claude-opus-5", {}, [
    "vision.input 1568 × 5 / 1000000 = 0.00784",
    "text.output 10 × 25 / 1000000 = 0.00025",
  ]),
  at("thinking is paid as output", "claude-opus-5", {}, [
    "text.output 10 × 25 / 1000000 = 0.00025",
    "reasoning.output 4000 × 25 / 1000000 = 0.1",
  ]),
  at("Sonnet 4 at 200,000 tokens", "claude-sonnet-4-20250514", { at: "2025-09-01T00:00:00Z" }, [
    "text.input 150000 × 3 / 1000000 = 0.45",
    "text_cache_read.input 50000 × 0.3 / 1000000 = 0.015",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at(
    "Sonnet 4 one token above: the whole call at the premium",
    "claude-sonnet-4-20250514",
    { at: "2025-09-01T00:00:00Z" },
    [
      "text.input 150000 × 6 / 1000000 = 0.9",
      "text_cache_read.input 50000 × 0.60 / 1000000 = 0.03",
      "text_cache_write.input 1 × 7.50 / 1000000 = 0.0000075",
      "text_cache_write_1h.input 10 × 12 / 1000000 = 0.00012",
      "text.output 10 × 22.50 / 1000000 = 0.000225",
    ],
  ),
  at("Sonnet 4.6 under the premium", "claude-sonnet-4-6", { at: "2026-03-12T23:59:59Z" }, [
    "text.input 200001 × 6 / 1000000 = 1.200006",
    "text.output 10 × 22.5 / 1000000 = 0.000225",
  ]),
  at("Sonnet 4.6 after the premium ended", "claude-sonnet-4-6", { at: "2026-03-13T00:00:00Z" }, [
    "text.input 200001 × 3 / 1000000 = 0.600003",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at("a million tokens at the plain price", "claude-opus-5", {}, [
    "text.input 900000 × 5 / 1000000 = 4.5",
    "text.output 10 × 25 / 1000000 = 0.00025",
  ]),
  at(
    "a client that says large context is heard, not believed",
    "claude-sonnet-4-6",
    { units: { text_large_context: [250_000, 10] } },
    ["text.input 250000 × 3 / 1000000 = 0.75", "text.output 10 × 15 / 1000000 = 0.00015"],
  ),
  at(
    "large context under the premium",
    "claude-sonnet-4-5",
    {
      units: { text_large_context: [250_000, 10], text_cache_read_large_context: [1000, 0] },
      at: "2026-01-10T00:00:00Z",
    },
    [
      "text.input 250000 × 6 / 1000000 = 1.5",
      "text_cache_read.input 1000 × 0.6 / 1000000 = 0.0006",
      "text.output 10 × 22.5 / 1000000 = 0.000225",
    ],
  ),
  at("Haiku 5.5 at 100,000 tokens", "claude-haiku-5-5", { at: "2026-10-10T00:00:00Z" }, [
    "text.input 100000 × 0.10 / 1000000 = 0.01",
    "text.output 10 × 0.50 / 1000000 = 0.000005",
  ]),
  at("Haiku 5.5, every category", "claude-haiku-5-5", { at: "2026-10-10T00:00:00Z" }, [
    "text.input 1000 × 0.10 / 1000000 = 0.0001",
    "text_cache_read.input 500 × 0.01 / 1000000 = 0.000005",
    "text_cache_write.input 300 × 0.125 / 1000000 = 0.0000375",
    "text_cache_write_1h.input 200 × 0.20 / 1000000 = 0.00004",
    "text.output 10 × 0.50 / 1000000 = 0.000005",
  ]),
  at("Haiku 5.5 above 100,000 tokens", "claude-haiku-5-5", { at: "2026-10-10T00:00:00Z" }, [
    "text.input 99000 × 0.50 / 1000000 = 0.0495",
    "text_cache_read.input 500 × 0.05 / 1000000 = 0.000025",
    "text_cache_write.input 300 × 0.625 / 1000000 = 0.0001875",
    "text_cache_write_1h.input 201 × 1 / 1000000 = 0.000201",
    "text.output 10 × 2.50 / 1000000 = 0.000025",
  ]),
  at("Sonnet 5.5 before its cache reads were cut", "claude-sonnet-5-5", { at: "2026-10-01T00:00:00Z" }, [
    "text.input 1000 × 2 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.20 / 1000000 = 0.0001",
    "text_cache_write.input 300 × 2.50 / 1000000 = 0.00075",
    "text_cache_write_1h.input 201 × 4 / 1000000 = 0.000804",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("Sonnet 5.5 afterwards", "claude-sonnet-5-5", { at: "2026-10-08T00:00:00Z" }, [
    "text.input 1000 × 2 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.10 / 1000000 = 0.00005",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("a dated name by declared pattern", "claude-opus-5-20260801", {}, [
    "text.input 1000 × 5 / 1000000 = 0.005",
    "text.output 10 × 25 / 1000000 = 0.00025",
  ]),
  at("web search on a model whose catalogue row lacks it", "claude-3-haiku-20240307", {}, [
    "text.input 1000 × 0.25 / 1000000 = 0.00025",
    "web_search_request.other 1 × 10 / 1000 = 0.01",
  ]),
  at(
    "a dot for a dash is another name",
    "claude-opus-4.9",
    { status: "unknown_model", units: { text: [10, 10] } },
    [],
  ),
  at(
    "a call before the model was there",
    "claude-opus-4-5",
    { status: "no_price_at_time", units: { text: [10, 10] }, at: "2025-10-31T23:59:59Z" },
    [],
  ),
  at(
    "committed capacity has no price by token",
    "claude-opus-5",
    { status: "ambiguous", units: { text: [10, 10] }, tier: "priority" },
    [],
  ),
];
