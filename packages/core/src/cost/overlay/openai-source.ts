import { type PriceSource } from "../row.ts";

/** Everything here is said of this category. */
export const OPENAI = "system.openai";

/**
 * The price page, read through two copies in public repositories made in September 2026 (no first-hand read was
 * possible, hence B).
 */
export const OPENAI_PAGE: PriceSource = {
  url: "https://developers.openai.com/api/docs/pricing",
  read: "2026-11-21",
  confidence: "B",
};
