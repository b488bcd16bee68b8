/** Our reviewed prices: what no catalogue has, and corrections to it. */
import { contentHash } from "../content-hash.ts";
import { type PriceLayer } from "../row.ts";
import { anthropicOverlay } from "./anthropic.ts";
import { azureOverlay } from "./azure.ts";
import { bedrockOverlay } from "./bedrock.ts";
import { databricksOverlay } from "./databricks.ts";
import { generalOverlay } from "./general.ts";
import { googleOverlay } from "./google.ts";
import { openaiOverlay } from "./openai.ts";
import { type Overlay } from "./overlay.ts";

const PARTS: readonly Overlay[] = [
  generalOverlay,
  openaiOverlay,
  anthropicOverlay,
  azureOverlay,
  bedrockOverlay,
  googleOverlay,
  databricksOverlay,
];

/** All overlays as one layer. */
export function overlayLayer(): PriceLayer {
  const content = {
    rows: PARTS.flatMap((part) => part.rows ?? []),
    multipliers: PARTS.flatMap((part) => part.multipliers ?? []),
    rules: PARTS.flatMap((part) => part.rules ?? []),
    aliases: PARTS.flatMap((part) => part.aliases ?? []),
    patterns: PARTS.flatMap((part) => part.patterns ?? []),
    launches: PARTS.flatMap((part) => part.launches ?? []),
  };
  // An expression has no JSON of its own.
  const patterns = content.patterns.map((row) => [row.category, row.pattern.source, row.resource]);
  const text = JSON.stringify([content, patterns]);
  return { name: "overlay", hash: contentHash(text), ...content };
}
