import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";

import Anthropic from "@anthropic-ai/sdk";
import { createClient } from "@payi/core";
import OpenAI from "openai";

import { Judge } from "../src/judge/judge.ts";
import { listen } from "../src/process/listen.ts";
import { type ProviderSimulator, startProviderSimulator } from "../src/provider-simulator.ts";
import { createTrailblazer } from "../src/server.ts";
import { type Speed } from "../src/simulator/pace.ts";

/** A simulator on a free port that waits for nothing, with a real client of each provider pointed at it. */
export interface SimulatedProviders extends AsyncDisposable {
  readonly simulator: ProviderSimulator;
  readonly anthropic: Anthropic;
  readonly openai: OpenAI;
}

export async function startProviders(speed: Speed = "instant"): Promise<SimulatedProviders> {
  const simulator = await startProviderSimulator({ port: 0, speed });
  return {
    simulator,
    anthropic: new Anthropic({ apiKey: "test", baseURL: simulator.url, maxRetries: 0 }),
    openai: new OpenAI({ apiKey: "test", baseURL: `${simulator.url}/v1`, maxRetries: 0 }),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** The app on a free port, its providers simulated. */
export interface RunningApp extends AsyncDisposable {
  readonly url: string;
  readonly providers: SimulatedProviders;
}

/** Payi is not set up unless the test does: the app must not need it. */
export async function startApp(
  without: { anthropic?: undefined; openai?: undefined } = {},
): Promise<RunningApp> {
  const providers = await startProviders();
  const app = createTrailblazer({
    providers: { ...providers, ...without },
    forwardHeaders: (header) => ({ "x-simulate": header("x-simulate") ?? "" }),
    judge: new Judge(providers, undefined),
    platform: createClient({ apiKey: "test", baseUrl: "http://127.0.0.1:1" }),
    dashboardUrl: "http://localhost:1",
    simulated: true,
  });
  const server = createServer(app);
  const url = await listen(server, 0, "TRAILBLAZER_PORT");
  return {
    url,
    providers,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await providers.simulator.close();
    },
  };
}

/** A request as the page makes it, by Jane unless a header says otherwise. */
export function postJson(
  url: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user-id": "jane", ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Resolves once the simulator, which is in this process, has read a call of `path` and notices who leaves. */
export async function generating(path: string): Promise<void> {
  const response = await new Promise<ServerResponse>((resolve) => {
    function onRequest(message: unknown): void {
      const started = message as { request: IncomingMessage; response: ServerResponse };
      if (started.request.url !== path) return;
      unsubscribe("http.server.request.start", onRequest);
      resolve(started.response);
    }
    subscribe("http.server.request.start", onRequest);
  });
  await eventually(() => (response.listenerCount("close") > 0 ? true : undefined));
}

/** Header that asks the simulator to fail. */
export function simulate(what: string): { headers: Record<string, string> } {
  return { headers: { "x-simulate": what } };
}

/** Resolves once `check` answers something other than undefined; rejects after thirty seconds. */
export async function eventually<T>(check: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is so
    const answer = await check();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error("Waited a minute for something that did not come.");
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is so
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const TRAIL_PROMPT = [
  "Find off-road trails for this trip.",
  "Location: Moab, Utah",
  "Vehicle: Jeep Wrangler",
  "Difficulty: moderate",
  "Answer with one JSON object per line.",
].join("\n");

/** The events of an answer in order: name and data. */
export async function readEvents(
  response: Response,
): Promise<{ name: string; data: Record<string, unknown> }[]> {
  const text = await response.text();
  return [...text.matchAll(/^event: (.+)\ndata: (.+)$/gm)].map(([, name = "", data = "null"]) => ({
    name,
    data: JSON.parse(data) as Record<string, unknown>,
  }));
}
