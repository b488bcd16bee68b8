/**
 * A provider's own usage object, handed on by a framework outside of the answer it came in: read by the same rules as
 * the answer itself, so that one call cannot have two costs.
 */
import { type PricingFacts, type UnitCount, type Units } from "../usage.ts";
import { readFacts, readIterations, readMessagesUsage, untoldSide } from "./anthropic-usage.ts";
import { readConverseUsage } from "./bedrock-usage.ts";
import { addGrounding, readGeminiTier, readGeminiUsage } from "./google-usage.ts";
import { withSearch } from "./openai-api.ts";
import { addToolUnits, readChatUsage, readResponsesUsage, servedTier } from "./openai-usage.ts";
import { type ExtraUsage } from "./provider.ts";
import { type Json, isJson, list } from "./read.ts";

export interface ToldUsage {
  readonly units: Units;
  readonly facts: PricingFacts;
  /** Billed in addition, possibly under another model. */
  readonly extra: readonly ExtraUsage[];
}

/**
 * What `usage` tells in the words of the category's provider; undefined where it tells no tokens, or only one side of them,
 * or contradicts itself: the framework's own counts are better than a zero that nobody told.
 * `answer`, as far as it is known, tells the tools that are billed beside tokens, and the tier.
 */
export function readToldUsage(
  category: string | undefined,
  usage: unknown,
  answer: { readonly model: string | undefined; readonly body: unknown },
): ToldUsage | undefined {
  if (!isJson(usage)) return undefined;
  const body = isJson(answer.body) ? answer.body : {};
  switch (category) {
    case "system.anthropic":
      if (untoldSide(usage) !== undefined) return undefined;
      return told(readMessagesUsage(usage), readFacts(usage), readIterations(usage));
    case "system.openai":
    case "system.azureopenai":
      return told(readOpenAi(usage, answer.model, body), { serviceTier: servedTier(body["service_tier"]) });
    case "system.google.vertex":
      return told(readGemini(usage, answer.model ?? "", body), { serviceTier: readGeminiTier(usage) });
    case "system.aws.bedrock":
      return told(readConverseUsage(usage) ?? readMessagesUsage(usage));
    default:
      return undefined;
  }
}

function readOpenAi(usage: Json, model: string | undefined, body: Json): Units | undefined {
  const chat = "prompt_tokens" in usage;
  const { units, untold } = chat ? readChatUsage(usage) : readResponsesUsage(usage);
  if (units === undefined || untold !== undefined) return undefined;
  if (chat) return withSearch(units, model);
  const all: Record<string, UnitCount> = { ...units };
  addToolUnits(all, body);
  return all;
}

function readGemini(usage: Json, model: string, body: Json): Units | undefined {
  const { units } = readGeminiUsage(usage);
  if (units === undefined) return undefined;
  const all: Record<string, UnitCount> = { ...units };
  addGrounding(all, model, list(body, "candidates"));
  return all;
}

function told(
  units: Units | undefined,
  facts: PricingFacts = {},
  extra: readonly ExtraUsage[] = [],
): ToldUsage | undefined {
  return units === undefined ? undefined : { units, facts, extra };
}
