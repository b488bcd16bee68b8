/** OpenAI's images, sound and videos. */
import { readImageTokens, readResponsesUsage, readSpeechTokens } from "./openai-usage.ts";
import { type Reading, type RequestFacts, tell } from "./provider.ts";
import { type Json, child, count, isJson, list, text } from "./read.ts";

/** GPT image models tell tokens; DALL·E is billed by the picture. An SVG's author bills beside the picture. */
export function readImages(request: RequestFacts, json: Json): Reading {
  const svg = child(json, "svg_usage");
  const { units: author } = readResponsesUsage({
    ...svg,
    output_tokens_details: { reasoning_tokens: svg["reasoning_tokens"] },
  });
  const extra = author === undefined ? [] : [{ model: text(svg, "model"), units: author }];
  if (isJson(json["usage"])) return tell({ ...readImageTokens(json["usage"]), extra });
  const pictures = list(json, "data").length || (count(request.body ?? {}, "n") ?? 1);
  return tell({ units: { image: { input: 0, output: pictures } }, extra });
}

/** `usage.type` is `tokens`, or `duration` with seconds; verbose answers tell a duration, plain text nothing. */
export function readTranscription(json: Json): Reading {
  const usage = child(json, "usage");
  const seconds = usage["type"] === "duration" ? usage["seconds"] : json["duration"];
  if (usage["type"] !== "tokens" && typeof seconds === "number") {
    return tell({ units: { audio_seconds: { input: Math.ceil(seconds), output: 0 } } });
  }
  return tell(readResponsesUsage(usage));
}

/** Speech is billed by the characters of its input; the answer is sound. */
export function readSpeech(request: RequestFacts, json: unknown): Reading {
  if (isJson(json) && isJson(json["usage"])) return tell(readSpeechTokens(json["usage"]));
  const input = text(request.body ?? {}, "input");
  if (input === undefined) return tell({});
  return tell({ units: { characters: { input: countCharacters(input), output: 0 } } });
}

/** Characters as a person counts them in code points: a surrogate pair is one. */
function countCharacters(input: string): number {
  let characters = 0;
  for (let index = 0; index < input.length; index += 1) {
    const code = input.charCodeAt(index);
    if (code < 0xdc00 || code > 0xdfff) characters += 1;
  }
  return characters;
}

/** Videos are charged by the second and size that the answer confirms. */
export function readVideo(request: RequestFacts, json: Json): Reading {
  const told = (name: string): unknown => json[name] ?? request.body?.[name];
  const seconds = Number(told("seconds"));
  const responseId = text(json, "id");
  const model = text(json, "model");
  if (!(seconds > 0)) return tell({ responseId, model });
  const unit = videoUnit(told("size"));
  return tell({ units: { [unit]: { input: 0, output: Math.ceil(seconds) } }, responseId, model });
}

/** `1280x720` → `video_seconds@720p`: prices name the shorter side. */
function videoUnit(size: unknown): string {
  const sides = typeof size === "string" ? /^(\d+)x(\d+)$/.exec(size) : null;
  return sides === null ? "video_seconds" : `video_seconds@${Math.min(Number(sides[1]), Number(sides[2]))}p`;
}
