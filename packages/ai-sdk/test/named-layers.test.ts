/** Layers around one call that each name a use case of their own. */
import { generateText, registerTelemetry, streamText, wrapLanguageModel } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { afterEach, describe, expect, test } from "vitest";

import { getRuntime } from "../../core/test/support.ts";
import { payiMiddleware, payiOptions, payiTelemetry, trackModel } from "../src/index.ts";
import { type Stage, chat, setStage } from "./stage.ts";
import { type Model, VERSIONS } from "./support.ts";

afterEach(() => {
  globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
});

/** What was sent: the platform of the tests leaves out what comes twice under one id, and these tests count it. */
async function sent({ metered }: Stage): Promise<readonly Readonly<Record<string, unknown>>[]> {
  await metered.flush({ timeoutMs: 30_000 });
  const batches = metered.platform.received.filter(({ url }) => url === "/api/v1/ingest/bulk");
  return batches.flatMap(({ body }) => JSON.parse(body) as Record<string, unknown>[]);
}

/** Money for one call: refuses a second hold while the first is open. */
function holdOnce(): { open: number } {
  const desk = { open: 0 };
  const close = (): void => void (desk.open -= 1);
  const authorize = (): object => {
    if (desk.open > 0) return { refusal: { limitIds: ["daily"] }, settle: () => undefined };
    desk.open += 1;
    return { settle: close, release: close };
  };
  Object.assign(getRuntime() ?? {}, { guard: { authorize } });
  return desk;
}

/** Puts two layers around a model that name two use cases; the inner one is `inner`. */
const LAYERS: Readonly<Record<string, (model: Model) => { readonly model: Model; readonly own?: object }>> = {
  "telemetry and trackModel()": (model) => {
    registerTelemetry(payiTelemetry({ useCaseName: "outer", userId: "jane" }));
    return { model: trackModel(model, { useCaseName: "inner" }) };
  },
  "telemetry and payiOptions()": (model) => {
    registerTelemetry(payiTelemetry({ useCaseName: "outer", userId: "jane" }));
    return { model: trackModel(model), own: payiOptions({ useCaseName: "inner" }) };
  },
  "payiMiddleware() and trackModel()": (model) => {
    const middleware = payiMiddleware({ useCaseName: "outer", userId: "jane" });
    return { model: wrapLanguageModel({ model: trackModel(model, { useCaseName: "inner" }), middleware }) };
  },
};

const usage = { inputTokens: { total: 10, noCache: 10 }, outputTokens: { total: 5, text: 5 } };

/** A model that no transport sees and whose answers have no id. */
function localModel(fails: boolean): Model {
  return new MockLanguageModelV4({
    provider: "openai.chat",
    modelId: "gpt-5",
    doGenerate: async () => {
      if (fails) throw new Error("no memory left");
      const content = [{ type: "text" as const, text: "Go." }];
      return { content, finishReason: { unified: "stop", raw: "stop" }, usage, warnings: [] } as never;
    },
  });
}

const SOURCES: Readonly<Record<string, (stage: Stage) => Model>> = {
  "a transport saw": (stage) => stage.model(VERSIONS["ai 7"] as never),
  "nobody else saw, without an id": () => localModel(false),
  "nobody else saw, and that failed": () => localModel(true),
};

describe.for(Object.entries(LAYERS))("%s", ([, layer]) => {
  test.for(Object.entries(SOURCES))(
    "two layers that named two use cases made two events of a call that %s",
    async ([, modelFrom]) => {
      await using stage = await setStage();
      const desk = holdOnce();
      const { model, own } = layer(modelFrom(stage));
      const providerOptions = own as ReturnType<typeof payiOptions>;
      const outcome = generateText({ model, prompt: "hi", maxRetries: 0, providerOptions });
      await expect(outcome.then(({ text }) => text, String)).resolves.toMatch(/^Go\.$|no memory left/);
      expect(await sent(stage)).toMatchObject([{ use_case_name: "inner", user_id: "jane" }]);
      expect(desk.open).toBe(0);
    },
  );

  test("two layers that named two use cases made two events of a failed request and of a stream", async () => {
    await using stage = await setStage((request, response, socket) => {
      if (request.body.includes('"stream":true')) return chat()(request, response, socket);
      response.writeHead(529, { "content-type": "application/json" }).end('{"error":{"message":"busy"}}');
      return undefined;
    });
    const desk = holdOnce();
    const { model, own } = layer(stage.model(VERSIONS["ai 7"] as never));
    const asked = { model, prompt: "hi", maxRetries: 0, providerOptions: own as never };
    await expect(generateText(asked)).rejects.toThrow("busy");
    await streamText(asked).consumeStream();
    expect(await sent(stage)).toMatchObject([
      { use_case_name: "inner", http_status_code: 529 },
      { use_case_name: "inner", http_status_code: 200 },
    ]);
    expect(desk.open).toBe(0);
  });
});
