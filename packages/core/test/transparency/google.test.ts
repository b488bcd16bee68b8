/** Every scenario of Google's SDK runs twice against the same provider, with and without us, and comes to the same. */
import { GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, expect, test } from "vitest";

import { redirectTo } from "../instrument/recorded/replay.ts";
import { type Loopback } from "../support.ts";
import { startGemini } from "./google-provider.ts";
import { GOOGLE_SCENARIOS } from "./google-scenarios.ts";
import { twice } from "./twice.ts";

let provider: Loopback;
let redirected: Disposable;
let reported = 0;

beforeAll(async () => {
  provider = await startGemini();
  redirected = redirectTo(provider);
});

afterAll(async () => {
  redirected[Symbol.dispose]();
  await provider[Symbol.asyncDispose]();
});

test.for(GOOGLE_SCENARIOS)("genai: $name", async ({ act }) => {
  const before = provider.received.length;
  const { bare, metered, calls } = await twice(() => act(new GoogleGenAI({ apiKey: "k" })), {});
  reported += calls;
  expect(metered).toEqual(bare);
  const sent = provider.received
    .slice(before)
    // An abort may be faster than the request.
    .filter(({ url }) => !url.includes("/hang:"))
    .map(({ method, url, body }) => ({ method, url, body }));
  // The provider, too, cannot tell the two apart.
  expect(sent.slice(sent.length / 2)).toEqual(sent.slice(0, sent.length / 2));
});

test("all of it was metered but what costs nothing", () => {
  expect(reported).toBeGreaterThanOrEqual(GOOGLE_SCENARIOS.length - 2);
});
