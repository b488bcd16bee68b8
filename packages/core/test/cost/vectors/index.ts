import { anthropicModelCases } from "./anthropic-models.ts";
import { anthropicModifierCases } from "./anthropic-modifiers.ts";
import { azureOpenaiCases } from "./azure-openai.ts";
import { azureCases } from "./azure.ts";
import { bedrockCases } from "./bedrock.ts";
import { databricksCases } from "./databricks.ts";
import { firstDayCases } from "./first-days.ts";
import { googleMediaCases } from "./google-media.ts";
import { googleTextCases } from "./google-text.ts";
import { openaiBatchCases } from "./openai-batch.ts";
import { openaiFineTuneCases } from "./openai-fine-tunes.ts";
import { openaiFirstDayCases } from "./openai-first-days.ts";
import { openaiFlexCases } from "./openai-flex.ts";
import { openaiMediaCases } from "./openai-media.ts";
import { openaiModifierCases } from "./openai-modifiers.ts";
import { openaiPriorityCases } from "./openai-priority.ts";
import { openaiTextCases } from "./openai-text.ts";
import { openaiUnknownCases } from "./openai-unknown.ts";
import { previewCases } from "./previews.ts";
import { type PriceCase } from "./price-case.ts";

/** The same examples in other categories that share their prices. */
function alsoIn(categories: readonly string[], cases: readonly PriceCase[]): PriceCase[] {
  return categories.flatMap((category) => cases.map((example) => Object.assign({}, example, { category })));
}

/** Every worked example. */
export const priceCases: readonly PriceCase[] = [
  ...anthropicModelCases,
  ...anthropicModifierCases,
  ...azureCases,
  ...bedrockCases,
  ...firstDayCases,
  ...googleMediaCases,
  ...googleTextCases,
  ...openaiBatchCases,
  ...openaiFineTuneCases,
  ...openaiFirstDayCases,
  ...openaiFlexCases,
  ...openaiMediaCases,
  ...openaiModifierCases,
  ...openaiPriorityCases,
  ...openaiTextCases,
  ...openaiUnknownCases,
  ...previewCases,
  ...alsoIn(["system.azureopenai", "system.azure"], azureOpenaiCases),
  ...alsoIn(
    ["system.databricks.aws", "system.databricks.azure", "system.databricks.google"],
    databricksCases,
  ),
];
