/** Speech and videos: what is billed where the answer is sound, or the name of work begun. */
import { expect, test } from "vitest";

import { matchProvider } from "../../src/providers/index.ts";
import { type Match, type Reading } from "../../src/providers/provider.ts";
import { type Json } from "../../src/providers/read.ts";

const API = "https://api.openai.com/v1";

function readAnswer(path: string, body: Json | undefined, json: Json | undefined): Reading {
  const match = matchProvider("POST", new URL(API + path)) as Match;
  return match.provider.readUsage(match, match.provider.readRequest(match, body), json, new Headers());
}

const INPUT = "The trail to Delicate Arch is three miles long and has no shade.";

test.for(["tts-1", "tts-1-hd", "playai-tts", undefined])(
  "speech of %s is billed by the character",
  (model) => {
    const { units, source } = readAnswer("/audio/speech", { model, input: INPUT, voice: "alloy" }, undefined);
    expect([units, source]).toEqual([{ characters: { input: 64, output: 0 } }, "provider"]);
  },
);

test.for(["gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15"])(
  "speech of %s was told in characters, which have no price there",
  (model) => {
    const body = { model, input: INPUT, voice: "alloy", instructions: "Speak like a ranger" };
    const { units, source } = readAnswer("/audio/speech", body, undefined);
    expect(source).toBe("estimated");
    expect(units).toEqual({ text: { input: 21, output: 0 }, audio: { input: 0, output: 89 } });
  },
);

test("speech of which the text could not be read is unknown", () => {
  expect(readAnswer("/audio/speech", undefined, undefined)).toMatchObject({
    units: undefined,
    source: "unknown",
  });
});

const VIDEO = { id: "video_2", model: "sora-2", status: "queued", seconds: "4", size: "1280x720" };

test.for<readonly [string, Json]>([
  ["/videos/video_1/remix", { prompt: "at dusk" }],
  ["/videos/edits", { prompt: "at dusk", video: { id: "video_1" } }],
])("a video made from another one was not metered: %s", ([path, body]) => {
  const { units, model } = readAnswer(path, body, VIDEO);
  expect([units, model]).toEqual([{ "video_seconds@720p": { input: 0, output: 4 } }, "sora-2"]);
});

test("an extension is charged for what it adds, and its answer tells the length of the whole", () => {
  const body = { prompt: "go on", seconds: "8", video: { id: "video_1" } };
  const answer = { ...VIDEO, seconds: "12" };
  expect(readAnswer("/videos/extensions", body, answer).units).toEqual({
    "video_seconds@720p": { input: 0, output: 8 },
  });
  expect(readAnswer("/videos/extensions", undefined, answer)).toMatchObject({
    units: undefined,
    source: "unknown",
  });
});

test.for(["/videos/video_1/remix", "/videos/extensions", "/videos/edits"])(
  "%s is a bill elsewhere only where the application has mapped the host",
  (path) => {
    expect(matchProvider("POST", new URL(`https://example.com/v1${path}`))).toMatchObject({
      onlyIfMapped: true,
    });
  },
);
