/** What models of images, sound, embeddings and rankings tell of their usage. Pure. */
import { type Units } from "@payi/core";
import { type Json, child, count, text } from "@payi/core/call";

/** Whose prices a call has. */
export interface Billing {
  /** Undefined: nobody can tell. */
  readonly category: string | undefined;
  readonly resource: string;
}

/** Units of a result that is no language model's; undefined where it tells none, as rankings do. */
export function readMediaUsage(result: Json, parameters: Json, billing: Billing): Units | undefined {
  const usage = child(result, "usage");
  if (Array.isArray(result["embeddings"])) return pair("text", count(usage, "tokens"), undefined);
  if (Array.isArray(result["images"])) {
    const drawn = count(usage, "outputTokens");
    if (drawn !== undefined) {
      return { ...pair("text", count(usage, "inputTokens"), undefined), ...pair("image", undefined, drawn) };
    }
    return isPricedByPicture(billing) ? pair("image", undefined, result["images"].length) : undefined;
  }
  if ("segments" in result && "text" in result) {
    const seconds = result["durationInSeconds"];
    return typeof seconds === "number" ? pair("audio_seconds", Math.ceil(seconds), undefined) : undefined;
  }
  if ("audio" in result) {
    const said = text(parameters, "text");
    return said === undefined ? undefined : pair("characters", Array.from(said).length, undefined);
  }
  return undefined;
}

/**
 * The unit `image` is a picture for these and a token for all others, where a picture would cost next to nothing. Contract
 * 3.4 for resources of one's own; `core/src/providers` for the rest: DALL·E, Imagen, and whatever Bedrock draws with.
 */
function isPricedByPicture({ category, resource }: Billing): boolean {
  if (category === undefined) return false;
  if (category === "system.aws.bedrock" || !category.startsWith("system.")) return true;
  return /(?:^|[./])(?:dall-e|imagen)/.test(resource);
}

function pair(name: string, input: number | undefined, output: number | undefined): Units | undefined {
  if (input === undefined && output === undefined) return undefined;
  return { [name]: { input: input ?? 0, output: output ?? 0 } };
}
