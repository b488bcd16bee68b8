/** What the catalogue lacks of OpenAI's own API. */
import { type PriceRow, type PriceSource } from "../row.ts";
import { type Overlay, perThousand } from "./overlay.ts";

const CATEGORY = "system.openai";
const PAGE: PriceSource = {
  url: "https://developers.openai.com/api/docs/pricing",
  read: "2026-11-21",
  confidence: "B",
};

const rows: readonly PriceRow[] = [
  {
    category: CATEGORY,
    resources: "*",
    anyVariant: true,
    units: {
      web_search_request: { output: perThousand("10") },
      file_search_request: { output: perThousand("2.50") },
    },
    source: { ...PAGE, note: "built-in tools, all models" },
  },
];

/** What the catalogue lacks of OpenAI's own API. */
export const openaiOverlay: Overlay = { rows };
