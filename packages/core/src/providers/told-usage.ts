/**
 * A provider's own usage object, handed on by a framework outside of the answer it came in: read by the same rules as
 * the answer itself, so that one call cannot have two costs.
 */
import { type PricingFacts, type Units } from "../usage.ts";
import { readFacts, readIterations, readMessagesUsage } from "./anthropic-usage.ts";
import { readConverseUsage } from "./bedrock-usage.ts";
import { readGeminiTier, readGeminiUsage } from "./google-usage.ts";
import { readChatUsage, readResponsesUsage } from "./openai-usage.ts";
import { type ExtraUsage } from "./provider.ts";
import { isJson } from "./read.ts";

export interface ToldUsage {
  readonly units: Units;
  readonly facts: PricingFacts;
  /** Billed in addition, possibly under another model. */
  readonly extra: readonly ExtraUsage[];
}

/** What `usage` tells in the words of the category's provider; undefined where it tells no tokens, or contradicts itself. */
export function readToldUsage(category: string | undefined, usage: unknown): ToldUsage | undefined {
  if (!isJson(usage)) return undefined;
  switch (category) {
    case "system.anthropic":
      return told(readMessagesUsage(usage), readFacts(usage), readIterations(usage));
    case "system.openai":
    case "system.azureopenai":
      return told(("prompt_tokens" in usage ? readChatUsage(usage) : readResponsesUsage(usage)).units);
    case "system.google.vertex":
      return told(readGeminiUsage(usage).units, { serviceTier: readGeminiTier(usage) });
    case "system.aws.bedrock":
      return told(readConverseUsage(usage) ?? readMessagesUsage(usage));
    default:
      return undefined;
  }
}

function told(
  units: Units | undefined,
  facts: PricingFacts = {},
  extra: readonly ExtraUsage[] = [],
): ToldUsage | undefined {
  return units === undefined ? undefined : { units, facts, extra };
}
