import { type ServerResponse } from "node:http";

import { LimitExceededError, getContext } from "@payi/core";
import express, { type ErrorRequestHandler, type Request } from "express";
import { describe, expect, test } from "vitest";

import { type ContractHouse, openContractHouse, sdkModel } from "../../core/test/contract-house.ts";
import {
  type TrackRequestsOptions,
  bindRequest,
  limitErrors,
  resumeRequest,
  trackRequests,
  trackUseCase,
} from "../src/index.ts";
import { listen } from "./support.ts";
import { VERSIONS } from "./versions.ts";

/** A body parser of old: it goes on from an event of the socket, where the context is lost. */
const losingParser: express.RequestHandler = (_request, _response, next) => {
  emptyContext(next);
};
const waiting: (() => void)[] = [];
setInterval(() => waiting.splice(0).forEach((go) => go()), 1).unref();
function emptyContext(go: () => void): void {
  waiting.push(go);
}

describe.for(Object.entries(VERSIONS))("on Express %s", ([, framework]) => {
  test("a JSON route is named after its pattern, with a body that was read before", async () => {
    await using house = await openContractHouse(true);
    const app = framework();
    app.use(trackRequests({ userId: (request: Request) => request.get("x-user") }));
    // The parser of Express 4.17 loses the context.
    app.use(framework.json(), resumeRequest());
    const router = framework.Router();
    router.post("/trails/:id", (request, response, next) => {
      const { near } = request.body as { near: string };
      sdkModel(house)
        .ask(near)
        .then(() => response.json({ near }), next);
    });
    app.use("/api", router);
    await using server = await listen(app);
    const headers = { "x-user": "jane", "content-type": "application/json" };
    const init = { method: "POST", headers, body: '{"near":"Moab"}' };
    const response = await fetch(`${server.url}/api/trails/17`, init);
    expect(await response.json()).toEqual({ near: "Moab" });
    expect(await house.events(1)).toMatchObject([
      {
        useCaseName: "POST_api_trails_id",
        userId: "jane",
        useCaseId: response.headers.get("x-payi-use-case-id"),
      },
    ]);
    expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([true]);
  });
});

describe("a request whose context was lost", () => {
  test("is back in all of it after resumeRequest() and trackUseCase()", async () => {
    const app = express();
    app.use(trackRequests({ userId: "jane" }), trackUseCase("chat", { limitIds: ["daily"] }), losingParser);
    const answer: express.RequestHandler = (_request, response) => {
      const { useCaseName, userId, limitIds } = getContext();
      response.json({ useCaseName, userId, limitIds });
    };
    app.get("/lost", answer);
    app.get("/resumed", resumeRequest(), answer);
    app.get("/named", trackUseCase("named", { limitIds: ["hourly"] }), answer);
    await using server = await listen(app);
    const ask = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
    expect(await ask("/lost")).not.toHaveProperty("userId");
    const told = { useCaseName: "chat", userId: "jane", limitIds: ["daily"] };
    expect(await ask("/resumed")).toEqual(told);
    expect(await ask("/named")).toEqual({ ...told, useCaseName: "named", limitIds: ["daily", "hourly"] });
  });

  test("is found by a callback that was bound to it, and leaves others as they are", async () => {
    const app = express();
    const answer = (request: Request): Promise<unknown> =>
      new Promise((resolve) =>
        emptyContext(bindRequest(request, () => resolve(getContext().userId ?? null))),
      );
    app.get("/untracked", async (request, response) => void response.json(await answer(request)));
    app.use(trackRequests({ userId: "jane" }));
    app.get("/tracked", async (request, response) => void response.json(await answer(request)));
    await using server = await listen(app);
    const ask = async (path: string): Promise<unknown> => (await fetch(server.url + path)).json();
    expect([await ask("/tracked"), await ask("/untracked")]).toEqual(["jane", null]);
  });
});

/** One route that asks the model, with the tracking options given. */
async function askOnce(
  house: ContractHouse,
  options: TrackRequestsOptions,
  route: Parameters<typeof trackUseCase>[1] = {},
): Promise<Response> {
  const app = express();
  app.use(trackRequests(options));
  app.get("/", trackUseCase("chat", route), async (request, response) => {
    await sdkModel(house, request.payi?.signal).ask("hello");
    response.send("done");
  });
  app.use(limitErrors());
  await using server = await listen(app);
  const response = await fetch(server.url);
  await response.text();
  return response;
}

test("a route can go on as another instance, with KPIs of its own", async () => {
  await using house = await openContractHouse(true);
  const response = await askOnce(
    house,
    { userId: "jane", accountName: "acme" },
    {
      useCaseId: "session-1",
      kpis: { success: "won", latency_ms: false },
      useCaseStep: "ask",
      accountName: "globex",
    },
  );
  expect(response.headers.get("x-payi-use-case-id")).toBe("session-1");
  expect(await house.events(1)).toMatchObject([
    {
      useCaseName: "chat",
      useCaseId: "session-1",
      useCaseStep: "ask",
      userId: "jane",
      accountName: "globex",
    },
  ]);
  expect(await house.scores("won", 1)).toEqual([{ useCaseId: "session-1", score: true }]);
  expect(await house.scores("latency_ms", 0)).toEqual([]);
});

test("a resolver that answers later is waited for", async () => {
  await using house = await openContractHouse(true);
  await askOnce(
    house,
    { userId: () => new Promise((resolve) => setImmediate(() => resolve("jane"))) },
    { accountName: () => Promise.reject(new Error("no session")) },
  );
  expect(await house.events(1)).toMatchObject([
    { useCaseName: "chat", userId: "jane", accountName: undefined },
  ]);
});

test("what the calls cost stands on the answer only when it was asked for", async () => {
  await using house = await openContractHouse(true);
  const silent = await askOnce(house, {});
  expect([silent.headers.get("x-payi-cost"), silent.headers.get("server-timing")]).toEqual([null, null]);
  const told = await askOnce(house, { exposeCost: true });
  // 25 tokens at $1.25 and 40 at $10 per million.
  expect(told.headers.get("x-payi-cost")).toBe("0.00043125");
  expect(told.headers.get("server-timing")).toBe('payi;desc="$0.00043125 in 1 call"');
});

const INTERRUPTED = /^data: first\n\nevent: error\ndata: \{.*"code":"payi_limit_exceeded".*\}\n\n$/;

describe("a limit", () => {
  test("is asked before the route runs, and the refusal is an answer and a failed instance", async () => {
    await using house = await openContractHouse(true);
    const asked: (boolean | undefined)[] = [];
    const refusal = { limitIds: ["daily"], limitName: "Daily" };
    Object.assign(house.runtime, {
      guard: {
        authorize: ({ onEntry }: { onEntry?: boolean }) => {
          asked.push(onEntry);
          return Promise.resolve({ refusal, settle: () => undefined });
        },
      },
    });
    const response = await askOnce(house, {});
    expect([response.status, response.headers.get("x-payi-limit-id"), asked]).toEqual([429, "daily", [true]]);
    expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    expect((await askOnce(house, {}, { checkOnEntry: false })).status).toBe(429);
    expect(asked).toEqual([true, undefined]);
  });

  test.for(Object.entries(VERSIONS))(
    "that refuses in the middle of an event stream ends it with an error event, on Express %s",
    async ([, framework]) => {
      await using house = await openContractHouse(true);
      const app = framework();
      app.use(trackRequests({ useCaseName: "chat" }));
      app.get("/", (_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
        throw new LimitExceededError({ limitIds: ["daily"] });
      });
      app.use(limitErrors());
      await using server = await listen(app);
      expect(await (await fetch(server.url)).text()).toMatch(INTERRUPTED);
      expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    },
  );

  test.for<[string, (response: ServerResponse) => unknown]>([
    ["an object", (response) => response.writeHead(200, { "Content-Type": "text/event-stream" })],
    ["a list", (response) => response.writeHead(200, ["x-first", "1", "content-type", "text/event-stream"])],
    [
      "an object in other letters, with a charset",
      (response) => response.writeHead(200, { "content-type": "Text/Event-Stream; charset=utf-8" }),
    ],
  ])(
    "that refuses in an event stream whose type only writeHead was told does not cut it: %s",
    async ([, begin]) => {
      const app = express();
      app.disable("x-powered-by");
      app.use(trackRequests({ exposeHeaders: false }));
      app.get("/", (_request, response) => {
        begin(response);
        response.write("data: first\n\n");
        throw new LimitExceededError({ limitIds: ["daily"] });
      });
      app.use(limitErrors());
      await using server = await listen(app);
      expect(await (await fetch(server.url)).text()).toMatch(INTERRUPTED);
    },
  );

  test("that refuses when another answer has begun is left to the next error handler", async () => {
    const app = express();
    app.get("/", (_request, response) => {
      response.write("half");
      throw new LimitExceededError({ limitIds: ["daily"] });
    });
    let seen: unknown;
    app.use(limitErrors(), ((error, _request, response, _next) => {
      seen = error;
      response.end();
    }) as ErrorRequestHandler);
    await using server = await listen(app);
    expect(await (await fetch(server.url)).text()).toBe("half");
    expect(seen).toBeInstanceOf(LimitExceededError);
  });
});

test("tracking twice is tracking once, and the inner options add", async () => {
  await using house = await openContractHouse(true);
  const app = express();
  app.use(trackRequests({ userId: "jane" }), trackRequests({ accountName: "acme", useCaseName: "chat" }));
  app.get("/", async (_request, response) => {
    await sdkModel(house).ask("hello");
    response.send("done");
  });
  await using server = await listen(app);
  await (await fetch(server.url)).text();
  const [event] = await house.events(1);
  expect(event).toMatchObject({ useCaseName: "chat", userId: "jane", accountName: "acme" });
  expect(event?.useCaseProperties).toBeUndefined();
  expect(await house.scores("success", 1)).toHaveLength(1);
});
