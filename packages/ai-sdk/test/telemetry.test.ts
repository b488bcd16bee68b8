import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createOpenAI } from "@ai-sdk/openai";
import { getContext, startInstance } from "@payi/core";
import {
  type LanguageModel,
  type Telemetry,
  generateText,
  jsonSchema,
  registerTelemetry,
  streamText,
  tool,
} from "ai";
import * as ai6 from "ai-6";
import { createOpenAI as createOpenAI3 } from "ai-openai-3";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";

import { originalFetch } from "../../core/src/instrument/original-fetch.ts";
import { type Loopback, type Metered, getRuntime, meter, startLoopback } from "../../core/test/support.ts";
import { CHAT_ANSWER, chatStream } from "../../core/test/synthetic.ts";
import { payiOptions, payiTelemetry } from "../src/index.ts";

afterEach(() => {
  globalThis.AI_SDK_TELEMETRY_INTEGRATIONS = undefined;
});

/** Asks for two tools first, one of which fails, then answers. */
async function startProvider(): Promise<Loopback> {
  let answers = 0;
  return startLoopback(({ body }, response) => {
    answers += 1;
    const { tools, messages, stream } = JSON.parse(body) as {
      tools?: object[];
      stream?: boolean;
      messages: { role: string }[];
    };
    if (stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      // Half an answer, and then silence.
      response.write(chatStream(20).slice(0, 10).join("").replaceAll("chatcmpl-n2", `chatcmpl-s${answers}`));
      return;
    }
    const calls = ["look", "fail"].map((name) => ({
      id: `${name}-${answers}`,
      type: "function",
      function: { name, arguments: "{}" },
    }));
    const asks = tools !== undefined && messages.at(-1)?.role !== "tool";
    const message = {
      role: "assistant",
      content: "Go.",
      ...(asks ? { content: null, tool_calls: calls } : {}),
    };
    const choices = [{ index: 0, finish_reason: asks ? "tool_calls" : "stop", message }];
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...CHAT_ANSWER, id: `chatcmpl-n${answers}`, choices }));
  });
}

const tools = {
  look: tool({ inputSchema: jsonSchema({ type: "object" }), execute: async () => "rocks" }),
  fail: tool({
    inputSchema: jsonSchema({ type: "object" }),
    execute: (): Promise<string> => Promise.reject(new Error("no map")),
  }),
};

interface Stage extends AsyncDisposable {
  readonly metered: Metered;
  readonly model: LanguageModel;
  score(kpi: string): Promise<readonly unknown[]>;
}

async function setStage(seen: "transport" | "adapter" = "transport"): Promise<Stage> {
  const provider = await startProvider();
  const metered = await meter([], "own", { config: { hostMappings: { [provider.host]: {} } } });
  const fetch = seen === "transport" ? globalThis.fetch : originalFetch();
  return {
    metered,
    model: createOpenAI({ apiKey: "k", baseURL: `${provider.url}/v1`, fetch }).chat("gpt-5"),
    async score(kpi) {
      await metered.flush({ timeoutMs: 30_000 });
      return metered.platform.scores.filter(({ path }) => path.endsWith(`/${kpi}`)).map(({ score }) => score);
    },
    async [Symbol.asyncDispose]() {
      await metered[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
    },
  };
}

const loop = { tools, stopWhen: ({ steps }: { steps: readonly unknown[] }): boolean => steps.length > 4 };

describe.for(["transport", "adapter"] as const)("telemetry of ai 7, the call seen by the %s", (seen) => {
  test("one operation is one instance, named by functionId, with its steps, tools and outcome", async () => {
    await using on = await setStage(seen);
    registerTelemetry(payiTelemetry({ kpis: "all" }));
    await generateText({ model: on.model, prompt: "hi", ...loop, telemetry: { functionId: "trail_finder" } });
    expect(await on.score("success")).toEqual([true]);
    const { events } = on.metered.platform;
    expect(events.map(({ useCaseName, units }) => [useCaseName, units["text"]])).toEqual([
      ["trail_finder", { input: 9, output: 12 }],
      ["trail_finder", { input: 9, output: 12 }],
    ]);
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(1);
    expect([
      await on.score("tool_calls"),
      await on.score("tool_errors"),
      await on.score("llm_calls"),
      await on.score("finish_reason_error"),
    ]).toEqual([[2], [1], [2], [false]]);
  });

  test("registered twice it counts once", async () => {
    await using on = await setStage(seen);
    const telemetry = payiTelemetry({ kpis: "all" });
    registerTelemetry(telemetry, telemetry, payiTelemetry({ kpis: "all" }));
    await generateText({ model: on.model, prompt: "hi", ...loop, telemetry: { functionId: "trail_finder" } });
    expect([await on.score("tool_calls"), await on.score("success")]).toEqual([[2], [true]]);
    expect(on.metered.platform.events).toHaveLength(2);
  });
});

test("inside a request the operation is part of it; runtimeContext attributes its calls", async () => {
  await using on = await setStage();
  registerTelemetry(payiTelemetry());
  const instance = startInstance({ name: "chat", kpis: false });
  await instance.run(() =>
    generateText({
      model: on.model,
      prompt: "hi",
      runtimeContext: payiOptions({ userId: "jane" }),
      telemetry: { functionId: "trail_finder", includeRuntimeContext: { payi: true } },
    }),
  );
  expect(await on.score("success")).toEqual([]);
  expect(on.metered.platform.events).toMatchObject([
    { useCaseName: "chat", useCaseId: instance.id, userId: "jane" },
  ]);
});

test("the tools of all operations of a request are counted together, under the name that was asked for", async () => {
  await using on = await setStage();
  registerTelemetry(payiTelemetry({ kpis: { tool_calls: "tools_used", tool_errors: true } }));
  const instance = startInstance({ name: "chat", kpis: false });
  await instance.run(async () => {
    await generateText({ model: on.model, prompt: "hi", ...loop });
    await generateText({ model: on.model, prompt: "hi", ...loop });
  });
  instance.end();
  expect([await on.score("tools_used"), await on.score("tool_errors")]).toEqual([[4], [2]]);
});

test("what fails or is refused fails its operation", async () => {
  await using on = await setStage();
  registerTelemetry(payiTelemetry());
  const guard = { authorize: () => ({ refusal: { limitIds: ["daily"] }, settle: () => undefined }) };
  Object.assign(getRuntime() ?? {}, { guard });
  const asked = generateText({ model: on.model, prompt: "hi", telemetry: { functionId: "trail_finder" } });
  await expect(asked).rejects.toMatchObject({ name: "LimitExceededError", limitIds: ["daily"] });
  expect(await on.score("success")).toEqual([false]);
});

test.for(["transport", "adapter"] as const)(
  "a stream that nobody reads on ends its operation, counted once by the %s",
  async (seen) => {
    await using on = await setStage(seen);
    registerTelemetry(payiTelemetry());
    const { textStream } = streamText({
      model: on.model,
      prompt: "hi",
      telemetry: { functionId: "trail_finder" },
    });
    await textStream.getReader().read();
    getRuntime()?.openCalls.sweep(performance.now() + 3_600_000);
    expect(await on.score("success")).toEqual([false]);
    expect(on.metered.platform.events).toMatchObject([
      { useCaseName: "trail_finder", properties: { "system.outcome": "abandoned" } },
    ]);
    expect(getRuntime()?.openCalls.size).toBe(0);
  },
);

test("operations whose end nobody tells are bounded, whoever opened them", async () => {
  await using _metered = await meter([], "own");
  const [left, other] = [payiTelemetry(), payiTelemetry()];
  const nameInside = (): Promise<unknown> =>
    left.executeTool({ callId: "oldest", execute: async () => getContext().useCaseName });
  left.onStart({ callId: "oldest", functionId: "left" });
  expect(await nameInside()).toBe("left");
  const later = Array.from({ length: 10_000 }, (_, index) => ({ callId: `later-${index}` }));
  for (const event of later) other.onStart(event);
  expect(await nameInside()).not.toBe("left");
  for (const event of later) other.onEnd(event);
});

test("telemetry of ai 6 hears of tools, and counts them for the instance around", async () => {
  await using on = await setStage();
  const provider = await startProvider();
  ai6.registerTelemetryIntegration(payiTelemetry({ kpis: "all" }));
  const model = createOpenAI3({ apiKey: "k", baseURL: `${provider.url}/v1` }).chat("gpt-5");
  const instance = startInstance({ name: "chat", kpis: false });
  await instance.run(() => ai6.generateText({ model, prompt: "hi", ...loop } as never));
  await ai6.generateText({ model, prompt: "hi", ...loop } as never);
  instance.end();
  expect([await on.score("tool_calls"), await on.score("tool_errors")]).toEqual([[2], [1]]);
  await provider[Symbol.asyncDispose]();
});

test("its type is what both SDKs register", () => {
  expectTypeOf(payiTelemetry()).toExtend<Telemetry>();
  expectTypeOf(payiTelemetry()).toExtend<ai6.TelemetryIntegration>();
});

test("with ai 5 it says that there is no such door, and which one there is", () => {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "payi-ai5-"));
  try {
    mkdirSync(join(folder, "node_modules/@payi"), { recursive: true });
    symlinkSync(here("../node_modules/ai-5"), join(folder, "node_modules/ai"));
    symlinkSync(here("../../core"), join(folder, "node_modules/@payi/core"));
    cpSync(here("../src"), join(folder, "src"), { recursive: true });
    const program = `import { payiTelemetry } from "${join(folder, "src/index.ts")}";
      try { payiTelemetry(); } catch (error) { console.log(error.name, error.message); }`;
    const flags = ["--conditions=@payi/source", "--input-type=module", "--eval", program];
    expect(execFileSync(process.execPath, flags, { encoding: "utf8" })).toMatch(
      /^ConfigurationError payiTelemetry\(\) needs ai 6 or 7, and ai 5\.\d+\.\d+ is installed.*payiMiddleware\(\)/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
