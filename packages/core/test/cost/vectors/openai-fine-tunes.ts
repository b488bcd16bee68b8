/** OpenAI's fine-tuned models. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-10T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's fine-tuned models. */
export const openaiFineTuneCases: readonly PriceCase[] = [
  at("fine-tuned o4-mini-2025-04-16", "ft:o4-mini-2025-04-16:acme::abc123", {}, [
    "text.input 1000 × 4.00 / 1000000 = 0.004",
    "text_cache_read.input 500 × 1.00 / 1000000 = 0.0005",
    "text.output 200 × 16.00 / 1000000 = 0.0032",
  ]),
  at("fine-tuned o4-mini-2025-04-16 in batch", "ft:o4-mini-2025-04-16:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 2.00 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 200 × 8.00 / 1000000 = 0.0016",
  ]),
  at("fine-tuned gpt-4.1-2025-04-14", "ft:gpt-4.1-2025-04-14:acme::abc123", {}, [
    "text.input 1000 × 3.00 / 1000000 = 0.003",
    "text_cache_read.input 500 × 0.75 / 1000000 = 0.000375",
    "text.output 200 × 12.00 / 1000000 = 0.0024",
  ]),
  at("fine-tuned gpt-4.1-2025-04-14 in batch", "ft:gpt-4.1-2025-04-14:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 1.50 / 1000000 = 0.0015",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 200 × 6.00 / 1000000 = 0.0012",
  ]),
  at("fine-tuned gpt-4.1-mini-2025-04-14", "ft:gpt-4.1-mini-2025-04-14:acme::abc123", {}, [
    "text.input 1000 × 0.80 / 1000000 = 0.0008",
    "text_cache_read.input 500 × 0.20 / 1000000 = 0.0001",
    "text.output 200 × 3.20 / 1000000 = 0.00064",
  ]),
  at(
    "fine-tuned gpt-4.1-mini-2025-04-14 in batch",
    "ft:gpt-4.1-mini-2025-04-14:acme::abc123",
    { tier: "batch" },
    [
      "text.input 1000 × 0.40 / 1000000 = 0.0004",
      "text_cache_read.input 500 × 0.10 / 1000000 = 0.00005",
      "text.output 200 × 1.60 / 1000000 = 0.00032",
    ],
  ),
  at("fine-tuned gpt-4.1-nano-2025-04-14", "ft:gpt-4.1-nano-2025-04-14:acme::abc123", {}, [
    "text.input 1000 × 0.20 / 1000000 = 0.0002",
    "text_cache_read.input 500 × 0.05 / 1000000 = 0.000025",
    "text.output 200 × 0.80 / 1000000 = 0.00016",
  ]),
  at(
    "fine-tuned gpt-4.1-nano-2025-04-14 in batch",
    "ft:gpt-4.1-nano-2025-04-14:acme::abc123",
    { tier: "batch" },
    [
      "text.input 1000 × 0.10 / 1000000 = 0.0001",
      "text_cache_read.input 500 × 0.025 / 1000000 = 0.0000125",
      "text.output 200 × 0.40 / 1000000 = 0.00008",
    ],
  ),
  at("fine-tuned gpt-4o-2024-08-06", "ft:gpt-4o-2024-08-06:acme::abc123", {}, [
    "text.input 1000 × 3.75 / 1000000 = 0.00375",
    "text_cache_read.input 500 × 1.875 / 1000000 = 0.0009375",
    "text.output 200 × 15.00 / 1000000 = 0.003",
  ]),
  at("fine-tuned gpt-4o-2024-08-06 in batch", "ft:gpt-4o-2024-08-06:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 2.225 / 1000000 = 0.002225",
    "text_cache_read.input 500 × 0.90 / 1000000 = 0.00045",
    "text.output 200 × 12.50 / 1000000 = 0.0025",
  ]),
  at("fine-tuned gpt-4o-mini-2024-07-18", "ft:gpt-4o-mini-2024-07-18:acme::abc123", {}, [
    "text.input 1000 × 0.30 / 1000000 = 0.0003",
    "text_cache_read.input 500 × 0.15 / 1000000 = 0.000075",
    "text.output 200 × 1.20 / 1000000 = 0.00024",
  ]),
  at(
    "fine-tuned gpt-4o-mini-2024-07-18 in batch",
    "ft:gpt-4o-mini-2024-07-18:acme::abc123",
    { tier: "batch" },
    [
      "text.input 1000 × 0.15 / 1000000 = 0.00015",
      "text_cache_read.input 500 × 0.075 / 1000000 = 0.0000375",
      "text.output 200 × 0.60 / 1000000 = 0.00012",
    ],
  ),
  at("fine-tuned gpt-3.5-turbo-0125", "ft:gpt-3.5-turbo-0125:acme::abc123", {}, [
    "text.input 1000 × 3.00 / 1000000 = 0.003",
    "text.output 200 × 6.00 / 1000000 = 0.0012",
  ]),
  at("fine-tuned gpt-3.5-turbo-0125 in batch", "ft:gpt-3.5-turbo-0125:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 1.50 / 1000000 = 0.0015",
    "text.output 200 × 3.00 / 1000000 = 0.0006",
  ]),
  at("fine-tuned davinci-002", "ft:davinci-002:acme::abc123", {}, [
    "text.input 1000 × 12.00 / 1000000 = 0.012",
    "text.output 200 × 12.00 / 1000000 = 0.0024",
  ]),
  at("fine-tuned davinci-002 in batch", "ft:davinci-002:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 6.00 / 1000000 = 0.006",
    "text.output 200 × 6.00 / 1000000 = 0.0012",
  ]),
  at("fine-tuned babbage-002", "ft:babbage-002:acme::abc123", {}, [
    "text.input 1000 × 1.60 / 1000000 = 0.0016",
    "text.output 200 × 1.60 / 1000000 = 0.00032",
  ]),
  at("fine-tuned babbage-002 in batch", "ft:babbage-002:acme::abc123", { tier: "batch" }, [
    "text.input 1000 × 0.80 / 1000000 = 0.0008",
    "text.output 200 × 0.90 / 1000000 = 0.00018",
  ]),
];
