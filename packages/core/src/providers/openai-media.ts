/** OpenAI's images, sound and videos. */
import { weighTokens } from "./estimate.ts";
import { readImageTokens, readResponsesUsage, readSpeechTokens } from "./openai-usage.ts";
import { type Match, type Reading, type RequestFacts, tell } from "./provider.ts";
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

/**
 * A minute of speech is some 225 tokens of text, at 150 words, and 1,250 tokens of sound: $0.015 at $12 per million
 * (developers.openai.com/api/docs/pricing, gpt-4o-mini-tts).
 */
const SOUND_PER_TEXT = 1250 / 225;

/** Speech is billed by the characters of its input, and GPT's by tokens; the answer is sound, which tells neither. */
export function readSpeech(request: RequestFacts, json: unknown): Reading {
  if (isJson(json) && isJson(json["usage"])) return tell(readSpeechTokens(json["usage"]));
  const body = request.body ?? {};
  const input = text(body, "input");
  if (input === undefined) return tell({});
  if (request.model?.startsWith("gpt-") !== true) {
    return tell({ units: { characters: { input: countCharacters(input), output: 0 } } });
  }
  const spoken = weighTokens(input);
  const asked = Math.ceil(spoken + weighTokens(text(body, "instructions") ?? ""));
  const sound = Math.ceil(spoken * SOUND_PER_TEXT);
  return tell({
    units: { text: { input: asked, output: 0 }, audio: { input: 0, output: sound } },
    source: "estimated",
  });
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

/**
 * Videos are charged by the second and size that the answer confirms; of an extension it tells the length of the whole, and
 * only the request what was made.
 */
export function readVideo(match: Match, request: RequestFacts, json: Json): Reading {
  const told = (name: string): unknown => json[name] ?? request.body?.[name];
  const seconds = Number(match.api === "video-extension" ? request.body?.["seconds"] : told("seconds"));
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
