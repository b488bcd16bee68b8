import { type UnitRule } from "../row.ts";
import { type Overlay } from "./overlay.ts";

const REASONING = {
  direction: "output",
  billedAs: "text",
  resources: "*",
  unit: "reasoning",
} as const;
const PICTURES = { direction: "input", billedAs: "text", resources: "*", unit: "vision" } as const;

/** Units that a provider bills at the price of another unit, unless a price of their own is published. */
const rules: readonly UnitRule[] = [
  {
    ...REASONING,
    category: "system.openai",
    source: {
      url: "https://developers.openai.com/api/docs/guides/reasoning",
      read: "2026-11-21",
      confidence: "B",
      note: "reasoning tokens occupy the context window and are billed as output tokens",
    },
  },
  {
    ...REASONING,
    category: "system.anthropic",
    source: {
      url: "https://platform.claude.com/docs/en/build-with-claude/extended-thinking",
      read: "2026-11-21",
      confidence: "B",
      note: "thinking tokens are billed as output tokens",
    },
  },
  {
    ...PICTURES,
    category: "system.openai",
    source: {
      url: "https://developers.openai.com/api/docs/guides/images-vision",
      read: "2026-11-21",
      confidence: "B",
      note: "image inputs are metered and charged in tokens, as text inputs are",
    },
  },
  {
    ...PICTURES,
    category: "system.anthropic",
    source: {
      url: "https://platform.claude.com/docs/en/build-with-claude/vision",
      read: "2026-11-21",
      confidence: "B",
      note: "each image counts towards the input tokens of the request",
    },
  },
];

/** Rules that hold for whole categories. */
export const generalOverlay: Overlay = { rules };
