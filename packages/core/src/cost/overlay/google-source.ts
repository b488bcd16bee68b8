import { type PriceSource } from "../row.ts";

/** Everything here is said of this category: Gemini API and Vertex share their list prices. */
export const GOOGLE = "system.google.vertex";

/** The price page, read through a copy in a public repository made in April 2026 and quotations of October 2026; hence B. */
export const GOOGLE_PAGE: PriceSource = {
  url: "https://ai.google.dev/gemini-api/docs/pricing",
  read: "2026-11-21",
  confidence: "B",
};
