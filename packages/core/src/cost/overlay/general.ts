/** Rules that hold for many providers. */
import { type UnitRule } from "../row.ts";
import { type Overlay } from "./overlay.ts";

/** Units that are billed at the price of another unit, unless a price of their own is published. */
const rules: readonly UnitRule[] = [
  {
    category: "*",
    resources: "*",
    unit: "reasoning",
    direction: "output",
    billedAs: "text",
    source: {
      url: "https://developers.openai.com/api/docs/guides/reasoning",
      read: "2026-11-21",
      confidence: "B",
      note: "reasoning (thinking) tokens are billed as output tokens; Anthropic, Google and Databricks say the same",
    },
  },
  {
    category: "system.*",
    resources: "*",
    unit: "vision",
    direction: "input",
    billedAs: "text",
    source: {
      url: "https://platform.claude.com/docs/en/build-with-claude/vision",
      read: "2026-11-21",
      confidence: "B",
      note: "images count towards the input tokens; OpenAI and Google price text and image input together",
    },
  },
];

/** Rules that hold for many providers. */
export const generalOverlay: Overlay = { rules };
