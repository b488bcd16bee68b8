import { LimitExceededError, startInstance } from "@payi/core";
import { type IngestEvent } from "@payi/core/wire";
import { describe, expect, test } from "vitest";

import { originalFetch } from "../../core/src/instrument/original-fetch.ts";
import { getRuntime } from "../../core/test/support.ts";
import { CHAT_ANSWER, chatStream } from "../../core/test/synthetic.ts";
import { payiMiddleware, payiOptions, payiStreamError, trackModel } from "../src/index.ts";
import { type Answer, chat, setStage } from "./stage.ts";
import { VERSIONS } from "./support.ts";

/** Refuses every call after the first `allowed`; answers how often it was asked. */
function refuseAfter(allowed: number): { asked: number } {
  const guard = { asked: 0 };
  Object.assign(getRuntime() ?? {}, {
    guard: {
      authorize: () => {
        guard.asked += 1;
        const refusal = guard.asked > allowed ? { limitIds: ["daily"], max: "10" } : undefined;
        return { refusal, settle: () => undefined };
      },
    },
  });
  return guard;
}

const outcomes = (events: readonly IngestEvent[]): unknown[] =>
  events.map(({ properties }) => properties?.["system.outcome"]);

describe.for(Object.entries(VERSIONS))("%s", ([, version]) => {
  const { sdk } = version;
  const look = (execute: () => unknown): object => ({
    look: sdk.tool({ inputSchema: sdk.jsonSchema({ type: "object" }), execute: async () => execute() }),
  });
  const loop = { maxRetries: 2, stopWhen: [({ steps }: { steps: unknown[] }) => steps.length > 4] };

  test("a refusal leaves generateText as the very error, is not retried, and nothing is sent", async () => {
    await using on = await setStage();
    const guard = refuseAfter(0);
    const model = trackModel(on.model(version));
    const error: unknown = await sdk
      .generateText({ model, prompt: "hi", maxRetries: 2 })
      .catch((thrown) => thrown);
    expect(LimitExceededError.from(error)).toBe(error);
    expect(error).toMatchObject({ limitIds: ["daily"], isRetryable: false });
    expect([guard.asked, on.received, outcomes(await on.events())]).toEqual([1, [], ["refused"]]);
  });

  test("a refusal reaches streamText's onError as the very error, and its reader as a safe sentence", async () => {
    await using on = await setStage();
    refuseAfter(0);
    const errors: unknown[] = [];
    const result = sdk.streamText({
      model: sdk.wrapLanguageModel({ model: on.model(version), middleware: payiMiddleware() }),
      prompt: "hi",
      onError: ({ error }) => void errors.push(error),
    });
    const parts: unknown[] = [];
    for await (const part of result.toUIMessageStream({ onError: payiStreamError })) parts.push(part);
    expect(errors.map((error) => LimitExceededError.from(error) === error)).toEqual([true]);
    expect(parts).toContainEqual({ type: "error", errorText: "A spending limit stopped this answer." });
    expect(JSON.stringify(parts)).not.toContain("10");
    expect(on.received).toEqual([]);
  });

  test("without checkLimits the transport refuses, and the error is the same class", async () => {
    await using on = await setStage();
    const guard = refuseAfter(0);
    const model = trackModel(on.model(version), { checkLimits: false });
    await expect(sdk.generateText({ model, prompt: "hi", maxRetries: 2 })).rejects.toBeInstanceOf(
      LimitExceededError,
    );
    expect([guard.asked, on.received.length, outcomes(await on.events())]).toEqual([1, 0, ["refused"]]);
  });

  test("without the adapter a refusal is found inside the SDK's own error", async () => {
    await using on = await setStage();
    refuseAfter(0);
    const error: unknown = await sdk
      .generateText({ model: on.model(version), prompt: "hi" })
      .catch((thrown) => thrown);
    expect(LimitExceededError.from(error)?.limitIds).toEqual(["daily"]);
  });

  test("each step of a tool loop is a call; a limit stops the loop in the middle", async () => {
    await using on = await setStage();
    const model = trackModel(on.model(version));
    await sdk.generateText({ model, prompt: "hi", tools: look(() => "rocks"), ...loop } as never);
    const steps = await on.events();
    expect(steps).toHaveLength(2);
    expect(new Set(steps.map(({ properties }) => properties?.["system.call_id"])).size).toBe(2);
    expect(steps[0]?.functionCalls).toEqual([{ name: "look" }]);
    refuseAfter(1);
    const again = sdk.generateText({ model, prompt: "hi", tools: look(() => "rocks"), ...loop } as never);
    await expect(again).rejects.toBeInstanceOf(LimitExceededError);
    expect(outcomes(await on.events())).toEqual(["ok", "ok", "ok", "refused"]);
  });

  test.for(["transport", "adapter"])(
    "a model asked by a tool while a stream runs is a call of its own: %s",
    async (layer) => {
      await using on = await setStage();
      const model = trackModel(on.model(version, layer === "adapter" ? originalFetch() : globalThis.fetch));
      const inner = trackModel(on.model(version, layer === "adapter" ? originalFetch() : globalThis.fetch), {
        requestProperties: { inner: "yes" },
      });
      const ask = (): unknown =>
        sdk.generateText({ model: inner, prompt: "rocks?" }).then(({ text }) => text);
      const result = sdk.streamText({ model, prompt: "hi", tools: look(ask), ...loop } as never);
      for await (const _part of result.fullStream);
      const events = await on.events();
      expect(events).toHaveLength(3);
      expect(events.filter(({ properties }) => properties?.["inner"] === "yes")).toHaveLength(1);
      expect(new Set(events.map(({ properties }) => properties?.["system.call_id"])).size).toBe(3);
      expect(events.map(({ units }) => units["text"]?.input)).toEqual([9, 9, 9]);
    },
  );

  test("what a tool does while a stream runs is not attributed as the stream is", async () => {
    await using on = await setStage();
    const model = trackModel(on.model(version), { requestProperties: { of: "stream" } });
    const ask = (): unknown =>
      sdk.generateText({ model: on.model(version), prompt: "rocks?" }).then(({ text }) => text);
    const result = sdk.streamText({ model, prompt: "hi", tools: look(ask), ...loop } as never);
    for await (const _part of result.fullStream);
    const events = await on.events();
    expect(events.filter(({ properties }) => properties?.["of"] === "stream")).toHaveLength(2);
    expect(new Set(events.map(({ properties }) => properties?.["system.call_id"])).size).toBe(3);
  });

  test.for(["transport", "adapter"])(
    "a failed attempt is a call without cost, its repetition one with it: %s",
    async (layer) => {
      const answer = chat();
      let requests = 0;
      await using on = await setStage((request, response, socket) => {
        requests += 1;
        if (requests > 1) return answer(request, response, socket);
        response.writeHead(429, { "retry-after-ms": "1", "content-type": "application/json" });
        response.end('{"error":{"message":"slow down"}}');
      });
      const model = trackModel(on.model(version, layer === "adapter" ? originalFetch() : globalThis.fetch));
      await sdk.generateText({ model, prompt: "hi", maxRetries: 2 });
      const events = await on.events();
      expect(events.map(({ httpStatusCode, units }) => [httpStatusCode, units["text"]?.input])).toEqual([
        [429, undefined],
        [200, 9],
      ]);
    },
  );

  test("what a call says of itself wins over the model, the model over the context; none of it is sent", async () => {
    await using on = await setStage();
    const model = trackModel(on.model(version), {
      accountName: "of the model",
      userId: ({ provider }) => provider,
      requestProperties: { a: "model", b: "model" },
    });
    const instance = startInstance({ name: "chat", userId: "of the context", kpis: false });
    const own = payiOptions({ accountName: "of the call", requestProperties: { b: "call" } });
    await instance.run(() => sdk.generateText({ model, prompt: "hi", providerOptions: own }));
    const [event] = await on.events();
    expect(event).toMatchObject({
      useCaseName: "chat",
      useCaseId: instance.id,
      userId: "openai.chat",
      accountName: "of the call",
      properties: { a: "model", b: "call" },
    });
    expect(on.received[0]?.body).not.toContain("of the");
  });

  test("an answer without usage is estimated, or unknown where that is asked for", async () => {
    const silent: Answer = (_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ ...CHAT_ANSWER, id: crypto.randomUUID(), usage: undefined }));
    };
    await using on = await setStage(silent);
    const bare = on.model(version, originalFetch());
    await sdk.generateText({ model: trackModel(bare), prompt: "Where to go?" });
    await sdk.generateText({
      model: trackModel(bare, { onMissingUsage: "unknown" }),
      prompt: "Where to go?",
    });
    const events = await on.events();
    expect(events.map(({ units, properties }) => [units, properties?.["system.usage_source"]])).toEqual([
      [{ text: { input: 3, output: 3 } }, "estimated"],
      [{}, "unknown"],
    ]);
  });

  test("a stream that breaks off is an error with what it told until then", async () => {
    await using on = await setStage((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of chatStream(40).slice(0, 20)) response.write(event);
      setImmediate(() => response.destroy());
    });
    const model = trackModel(on.model(version, originalFetch()));
    const { fullStream } = sdk.streamText({ model, prompt: "hi", maxRetries: 0, onError: () => undefined });
    const drain = async (): Promise<void> => {
      for await (const _part of fullStream);
    };
    await expect(drain()).rejects.toThrow("Failed to process successful response");
    const [event, ...more] = await on.events();
    expect(more).toEqual([]);
    expect(event?.properties).toMatchObject({
      "system.outcome": "error",
      "system.usage_source": "estimated",
    });
    expect(event?.units["text"]?.output).toBeGreaterThan(0);
    expect(event?.timeToFirstTokenMs).toEqual(expect.any(Number));
  });
});
