/** What models of images, sound, embeddings and rankings tell of their usage. Pure. */
import { type Units } from "@payi/core";
import { type Json, child, count, text } from "@payi/core/call";

/** Units of a result that is no language model's; undefined where it tells none, as rankings do. */
export function readMediaUsage(result: Json, parameters: Json): Units | undefined {
  const usage = child(result, "usage");
  if (Array.isArray(result["embeddings"])) return pair("text", count(usage, "tokens"), undefined);
  if (Array.isArray(result["images"])) {
    const tokens = pair("text", count(usage, "inputTokens"), undefined) ?? {};
    const drawn = pair("image", undefined, count(usage, "outputTokens") ?? result["images"].length);
    return { ...tokens, ...drawn };
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

function pair(name: string, input: number | undefined, output: number | undefined): Units | undefined {
  if (input === undefined && output === undefined) return undefined;
  return { [name]: { input: input ?? 0, output: output ?? 0 } };
}
