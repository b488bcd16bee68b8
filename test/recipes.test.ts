import { type Server } from "node:http";
import { type AddressInfo } from "node:net";

/** The adapters that the recipes tell to write keep the contract of adapters, on the real frameworks. */
import { serve } from "@hono/node-server";
import { close } from "@payi/core";
import Fastify, {
  type FastifyError,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { afterAll } from "vitest";

import {
  type AdapterDriver,
  type ContractSetup,
  type ContractTask,
  type Handled,
  adapterContract,
} from "../packages/core/test/adapter-contract.ts";
import { type ContractHouse, sdkModel } from "../packages/core/test/contract-house.ts";
import { writeRecipe } from "./recipe-files.ts";

interface Desk {
  readonly house: ContractHouse;
  readonly setup: ContractSetup;
  readonly work: (key: string, signal: AbortSignal | undefined) => Promise<void>;
  readonly userOf: (header: string | undefined) => string | undefined;
  readonly failed: (key: string, error: unknown) => void;
}

interface Serving {
  readonly url: string;
  readonly stop: () => Promise<unknown>;
}

/** Drives an adapter over HTTP: `POST /task/:key` does the task of that key. */
function httpDriver(start: (desk: Desk) => Promise<Serving>): AdapterDriver {
  return {
    reportsCalls: false,
    enclosesWork: true,
    async start(house, setup) {
      const tasks = new Map<string, ContractTask>();
      const errors = new Map<string, unknown>();
      const { url, stop } = await start({
        house,
        setup,
        work: async (key, signal) => tasks.get(key)?.work(sdkModel(house, signal)),
        failed: (key, error) => void errors.set(key, error),
        userOf(header) {
          if (setup.failingResolver) throw new Error("no session");
          return header;
        },
      });
      return {
        async handle(task): Promise<Handled> {
          const key = String(tasks.size);
          tasks.set(key, task);
          const init = { method: "POST", headers: { "x-user": task.userId }, signal: task.signal };
          try {
            const response = await fetch(`${url}/task/${key}`, init);
            const body = await response.text();
            if (response.ok) return { ending: "answered" };
            if (response.status !== 429) return { ending: "failed", error: errors.get(key) };
            return { ending: "refused", limitIds: (JSON.parse(body) as { limitIds: string[] }).limitIds };
          } catch {
            return { ending: "left" };
          }
        },
        async shutDown() {
          await stop();
          await close({ timeoutMs: 30_000 });
        },
        async [Symbol.asyncDispose]() {
          await stop();
        },
      };
    },
  };
}

const hono = writeRecipe("docs/recipes/hono.md");
const fastify = writeRecipe("docs/recipes/fastify.md");
afterAll(() => {
  hono.release();
  fastify.release();
});

type Options = Readonly<Record<string, unknown>>;
const forHono = (await import(hono.entry)) as {
  trackRequests: (options: Options) => MiddlewareHandler;
};
const forFastify = (await import(fastify.entry)) as {
  trackRequests: FastifyPluginAsync<Options>;
  limitErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;
};

adapterContract(
  "the Hono recipe",
  httpDriver(async ({ setup, work, userOf, failed }) => {
    const app = new Hono();
    const track = forHono.trackRequests({
      userId: (request: Request) => userOf(request.headers.get("x-user") ?? undefined),
    });
    if (setup.layers !== "transport")
      app.use(track, forHono.trackRequests({ useCaseName: setup.useCaseName }));
    if (setup.layers === "nested") app.use(track);
    app.post("/task/:key", async (context: Context) => {
      await work(context.req.param("key") ?? "", context.req.raw.signal);
      return context.text("done");
    });
    app.onError((error, context) => {
      failed(context.req.param("key") ?? "", error);
      return context.text("failed", 500);
    });
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      stop() {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      },
    };
  }),
);

adapterContract(
  "the Fastify recipe",
  httpDriver(async ({ setup, work, userOf, failed }) => {
    const app = Fastify({ forceCloseConnections: true });
    const options = {
      useCaseName: setup.useCaseName,
      userId: (request: FastifyRequest) => userOf(request.headers["x-user"]?.toString()),
    };
    if (setup.layers !== "transport") await app.register(forFastify.trackRequests, options);
    app.setErrorHandler(
      (error: FastifyError, request: FastifyRequest<{ Params: { key: string } }>, reply) => {
        failed(request.params.key, error);
        return forFastify.limitErrors(error, request, reply);
      },
    );
    app.post<{ Params: { key: string } }>("/task/:key", async (request) => {
      const { payi } = request as { payi?: { signal: AbortSignal } };
      await work(request.params.key, payi?.signal);
      return "done";
    });
    return { url: await app.listen({ port: 0, host: "127.0.0.1" }), stop: () => app.close() };
  }),
);
