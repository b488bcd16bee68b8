/** Limits that only the inner of two layers knows. */
import { LimitExceededError } from "@payi/core";
import { generateText, registerTelemetry } from "ai";
import { afterEach, expect, test } from "vitest";

import { getRuntime } from "../../core/test/support.ts";
import { payiOptions, payiTelemetry, trackModel } from "../src/index.ts";
import { setStage } from "./stage.ts";
import { VERSIONS } from "./support.ts";

afterEach(() => {
  globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
});

test("a limit that only the inner layer named was not asked, because telemetry had been asked without it", async () => {
  await using stage = await setStage();
  const authorize = ({ context }: { readonly context: { readonly limitIds?: readonly string[] } }): object =>
    context.limitIds?.includes("daily") === true
      ? { refusal: { limitIds: ["daily"] }, settle: () => undefined }
      : { free: true, settle: () => undefined };
  Object.assign(getRuntime() ?? {}, { guard: { authorize } });
  registerTelemetry(payiTelemetry());
  const model = trackModel(stage.model(VERSIONS["ai 7"] as never));
  const providerOptions = payiOptions({ limitIds: ["daily"] });
  const error: unknown = await generateText({ model, prompt: "hi", providerOptions }).catch(
    (thrown) => thrown,
  );
  expect(LimitExceededError.from(error)).toMatchObject({ limitIds: ["daily"] });
  expect(stage.received).toEqual([]);
});
