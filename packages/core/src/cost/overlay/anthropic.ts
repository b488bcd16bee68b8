/** What the catalogue lacks of Anthropic's own API. */
import { type AliasRow, type PriceRow, type PriceSource } from "../row.ts";
import { type Overlay, perThousand, table } from "./overlay.ts";

const CATEGORY = "system.anthropic";
const PAGE: PriceSource = {
  url: "https://platform.claude.com/docs/en/about-claude/pricing",
  read: "2026-11-21",
  confidence: "B",
};

/** Names that the provider documents for one and the same model. */
const SAME: Readonly<Record<string, string>> = {
  "claude-3-haiku-20240307": "claude-3-haiku",
  "claude-3-opus-20240229": "claude-3-opus-latest",
  "claude-3-sonnet-20240229": "claude-3-sonnet",
  "claude-3-5-sonnet-20240620": "claude-3-5-sonnet",
  "claude-3-5-sonnet-20241022": "claude-3-5-sonnet",
  "claude-3-5-sonnet-latest": "claude-3-5-sonnet",
  "claude-3-5-haiku-20241022": "claude-3-5-haiku-latest",
  "claude-3-7-sonnet-20250219": "claude-3-7-sonnet-latest",
  "claude-sonnet-4-20250514": "claude-sonnet-4-0",
  "claude-sonnet-4-5-20250929": "claude-sonnet-4-5",
  "claude-haiku-4-5-20251001": "claude-haiku-4-5",
  "claude-opus-4-20250514": "claude-opus-4-0",
  "claude-opus-4-1-20250805": "claude-opus-4-1",
  "claude-opus-4-5-20251101": "claude-opus-4-5",
  "claude-2.0": "claude-2",
  "claude-2.1": "claude-2",
};

const aliases: readonly AliasRow[] = Object.entries(SAME).map(([alias, resource]) => ({
  category: CATEGORY,
  alias,
  targets: [{ resource }],
}));

const rows: readonly PriceRow[] = [
  ...table({ category: CATEGORY, source: PAGE }, { "claude-3-haiku": { write1h: "0.50" } }),
  {
    category: CATEGORY,
    resources: ["claude-3-haiku", "claude-3-opus-latest", "claude-3-sonnet"],
    anyVariant: true,
    units: { web_search_request: { output: perThousand("10") } },
    source: { ...PAGE, note: "web search: $10 per 1,000 searches, for every model" },
  },
];

/** What the catalogue lacks of Anthropic's own API. */
export const anthropicOverlay: Overlay = { aliases, rows };
