/** A usage object that a framework hands on is read as the answer it came in. */
import { expect, test } from "vitest";

import { PROVIDERS } from "../../src/providers/index.ts";
import { isJson } from "../../src/providers/read.ts";
import { readToldUsage } from "../../src/providers/told-usage.ts";
import { loadRecordings } from "../support.ts";

const URLS: Readonly<Record<string, string>> = {
  "openai.chat": "https://api.openai.com/v1/chat/completions",
  "openai.responses": "https://api.openai.com/v1/responses",
  "anthropic.messages": "https://api.anthropic.com/v1/messages",
  "google.generateContent": "https://generativelanguage.googleapis.com/v1beta/models/MODEL:generateContent",
};
const recordings = loadRecordings().filter(
  ({ api, streaming, http_status }) => URLS[api] !== undefined && !streaming && http_status === 200,
);

test.runIf(recordings.length > 0).for(recordings.map((recording) => [recording.file, recording] as const))(
  "%s",
  ([, recording]) => {
    const named = recording.request_hints.model ?? recording.response_model ?? "untold";
    const url = new URL((URLS[recording.api] ?? "").replace("MODEL", named));
    const match = PROVIDERS.map((provider) => provider.match("POST", url)).find(
      (found) => found !== undefined,
    );
    const body: unknown = JSON.parse(recording.body.toString());
    if (match === undefined || !isJson(body)) throw new Error(`${url.href} is nobody's.`);
    const request = match.provider.readRequest(match, { model: named });
    const whole = match.provider.readUsage(match, request, body, new Headers());
    const usage = body["usage"] ?? body["usageMetadata"];
    const told = readToldUsage(match.provider.category, usage, { model: whole.model ?? named, body });
    expect(told?.units).toEqual(whole.units);
    expect(told?.facts.serviceTier).toBe(whole.facts.serviceTier);
    expect(told?.extra ?? []).toEqual(whole.extra);
  },
);

test.for([
  ["system.openai", { prompt_tokens: 1, prompt_tokens_details: { cached_tokens: 2 }, completion_tokens: 1 }],
  ["system.anthropic", {}],
  ["system.google.vertex", { totalTokenCount: 9 }],
  ["system.aws.bedrock", { inputTokens: null }],
  ["unknown", { input_tokens: 1, output_tokens: 1 }],
  [undefined, { input_tokens: 1, output_tokens: 1 }],
  ["system.openai", "900 tokens"],
] as const)("of %s, %j tells nothing", ([category, usage]) => {
  expect(readToldUsage(category, usage, { model: undefined, body: undefined })).toBeUndefined();
});
