/** Azure: what is not told, and Claude in Foundry. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.azureopenai",
  at: "2026-09-10T12:00:00Z",
  source: "https://azure.microsoft.com/pricing/details/azure-openai/",
});

/** Azure: what is not told, and Claude in Foundry. */
export const azureCases: readonly PriceCase[] = [
  at("the kind of deployment is not told: global, with a warning", "gpt-5-2025-08-07", {}, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text.output 100 × 10 / 1000000 = 0.001",
  ]),
  at(
    "a region whose price we do not know",
    "o3",
    { status: "ambiguous", units: { text: [10, 10] }, scope: "region.westus" },
    [],
  ),
  at(
    "data zone in priority: not published",
    "gpt-5",
    { status: "ambiguous", units: { text: [10, 10] }, scope: "datazone.us", tier: "priority" },
    [],
  ),
  at(
    "a deployment nobody mapped",
    "my-deployment",
    { status: "unknown_model", units: { text: [10, 10] } },
    [],
  ),
  at(
    "Claude fable-5 in Foundry",
    "claude-fable-5",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 10 / 1000000 = 0.01",
      "text_cache_read.input 500 × 1 / 1000000 = 0.0005",
      "text_cache_write.input 300 × 12.50 / 1000000 = 0.00375",
      "text_cache_write_1h.input 200 × 20 / 1000000 = 0.004",
      "text.output 100 × 50 / 1000000 = 0.005",
    ],
  ),
  at(
    "Claude opus-5 in Foundry",
    "claude-opus-5",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 5 / 1000000 = 0.005",
      "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
      "text_cache_write.input 300 × 6.25 / 1000000 = 0.001875",
      "text_cache_write_1h.input 200 × 10 / 1000000 = 0.002",
      "text.output 100 × 25 / 1000000 = 0.0025",
    ],
  ),
  at(
    "Claude opus-4-1 in Foundry",
    "claude-opus-4-1",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 15 / 1000000 = 0.015",
      "text_cache_read.input 500 × 1.50 / 1000000 = 0.00075",
      "text_cache_write.input 300 × 18.75 / 1000000 = 0.005625",
      "text_cache_write_1h.input 200 × 30 / 1000000 = 0.006",
      "text.output 100 × 75 / 1000000 = 0.0075",
    ],
  ),
  at(
    "Claude sonnet-5 in Foundry",
    "claude-sonnet-5",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 2 / 1000000 = 0.002",
      "text_cache_read.input 500 × 0.20 / 1000000 = 0.0001",
      "text_cache_write.input 300 × 2.50 / 1000000 = 0.00075",
      "text_cache_write_1h.input 200 × 4 / 1000000 = 0.0008",
      "text.output 100 × 10 / 1000000 = 0.001",
    ],
  ),
  at(
    "Claude sonnet-4-6 in Foundry",
    "claude-sonnet-4-6",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 3 / 1000000 = 0.003",
      "text_cache_read.input 500 × 0.30 / 1000000 = 0.00015",
      "text_cache_write.input 300 × 3.75 / 1000000 = 0.001125",
      "text_cache_write_1h.input 200 × 6 / 1000000 = 0.0012",
      "text.output 100 × 15 / 1000000 = 0.0015",
    ],
  ),
  at(
    "Claude haiku-4-5 in Foundry",
    "claude-haiku-4-5",
    {
      category: "system.azure",
      scope: "global",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 1 / 1000000 = 0.001",
      "text_cache_read.input 500 × 0.10 / 1000000 = 0.00005",
      "text_cache_write.input 300 × 1.25 / 1000000 = 0.000375",
      "text_cache_write_1h.input 200 × 2 / 1000000 = 0.0004",
      "text.output 100 × 5 / 1000000 = 0.0005",
    ],
  ),
  at(
    "Claude in the US data zone",
    "claude-opus-5",
    {
      category: "system.azure",
      scope: "datazone.us",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [
      "text.input 1000 × 5 × 1.1 / 1000000 = 0.0055",
      "text.output 100 × 25 × 1.1 / 1000000 = 0.00275",
      "web_search_request.other 2 × 10 / 1000 = 0.02",
      "web_fetch_request.other 2 × 0 / 1 = 0",
    ],
  ),
  at(
    "Claude in another data zone: not sold",
    "claude-opus-5",
    {
      status: "ambiguous",
      units: { text: [10, 10] },
      category: "system.azure",
      scope: "datazone.eu",
      source: "https://platform.claude.com/docs/en/about-claude/pricing#claude-in-microsoft-foundry-pricing",
    },
    [],
  ),
];
