import { close } from "@payi/core";
import { type ErrorRequestHandler } from "express";

import {
  type AdapterDriver,
  type ContractTask,
  type Handled,
  adapterContract,
} from "../../core/test/adapter-contract.ts";
import { sdkModel } from "../../core/test/contract-house.ts";
import { limitErrors, trackRequests, trackUseCase } from "../src/index.ts";
import { listen } from "./support.ts";
import { VERSIONS } from "./versions.ts";

for (const version of ["4.17.0", "5.3.0"] as const) {
  adapterContract(`@payi/express on Express ${version}`, driver(VERSIONS[version]));
}

function driver(express: (typeof VERSIONS)["5.3.0"]): AdapterDriver {
  return {
    reportsCalls: false,
    enclosesWork: true,
    async start(house, { useCaseName, layers, failingResolver }) {
      const tasks = new Map<string, ContractTask>();
      const errors = new Map<string, unknown>();
      const app = express();
      const track = trackRequests({
        userId: (request) => {
          if (failingResolver) throw new Error("no session");
          return request.get("x-user");
        },
      });
      if (layers !== "transport") app.use(track);
      if (layers === "nested") app.use(track, trackUseCase("outer"));
      if (layers !== "transport") app.use(trackUseCase(useCaseName));
      app.post("/task/:key", (request, response, next) => {
        const work = tasks.get(request.params.key)?.work(sdkModel(house, request.payi?.signal));
        // Express 4 does not look at what a handler returns.
        void work?.then(() => response.send("done"), next);
      });
      app.use(limitErrors());
      app.use(((error, request, response, _next) => {
        errors.set(request.url, error);
        response.status(500).end();
      }) as ErrorRequestHandler);
      const server = await listen(app);
      return {
        async handle(task): Promise<Handled> {
          const key = String(tasks.size);
          tasks.set(key, task);
          const { signal } = task;
          const headers = { "x-user": task.userId };
          try {
            const response = await fetch(`${server.url}/task/${key}`, { method: "POST", headers, signal });
            const body = await response.text();
            if (response.ok) return { ending: "answered" };
            if (response.status !== 429) return { ending: "failed", error: errors.get(`/task/${key}`) };
            return { ending: "refused", limitIds: (JSON.parse(body) as { limitIds: string[] }).limitIds };
          } catch {
            return { ending: "left" };
          }
        },
        async shutDown() {
          await server[Symbol.asyncDispose]();
          await close({ timeoutMs: 30_000 });
        },
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    },
  };
}
