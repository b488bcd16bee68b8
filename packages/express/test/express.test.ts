import Anthropic from "@anthropic-ai/sdk";
import { LimitExceededError, getContext } from "@payi/core";
import express, { type Express, type RequestHandler } from "express";
import { describe, expect, test } from "vitest";

import { limitErrors, trackRequests, trackUseCase } from "../src/index.ts";
import { type House, answerHalfStream, listen, openHouse } from "./support.ts";

function anthropic(house: House): Anthropic {
  return new Anthropic({ apiKey: "sk-test", baseURL: house.provider.url, maxRetries: 0 });
}

/** A route that asks the model once and answers with what it said. */
function ask(house: House): RequestHandler {
  const client = anthropic(house);
  return async (_request, response) => {
    const message = await client.messages.create({
      model: "claude-sonnet-4-6",
      max_tokens: 50,
      messages: [{ role: "user", content: "hello" }],
    });
    response.json({ id: message.id });
  };
}

function scoresOf(house: House, kpi: string): unknown[] {
  return house.scores.filter((score) => score.kpi === kpi).map(({ score }) => score);
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited 60 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("a call inside a route belongs to the route's use case, user, account and properties", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(express.json());
  app.use(trackRequests({ userId: (request) => request.get("x-user"), accountName: "acme" }));
  app.post(
    "/trails",
    trackUseCase("trail_finder", {
      useCaseVersion: 2,
      useCaseProperties: (request) => ({ location: (request.body as { near: string }).near }),
    }),
    ask(house),
  );
  await using server = await listen(app);
  const response = await fetch(`${server.url}/trails`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-user": "jane" },
    body: '{"near":"Moab, Utah"}',
  });
  const instanceId = response.headers.get("x-payi-use-case-id");
  await response.json();
  await until(() => house.scores.length > 0 || instanceId === null);
  expect(await house.events()).toMatchObject([
    {
      category: "system.anthropic",
      resource: "claude-sonnet-4-6",
      useCaseName: "trail_finder",
      useCaseVersion: 2,
      useCaseId: instanceId,
      userId: "jane",
      accountName: "acme",
      useCaseProperties: { location: "Moab, Utah" },
      units: { text: { input: 25, output: 40 } },
    },
  ]);
  expect(house.scores.map(({ instance }) => instance)).toContain(`trail_finder/${instanceId}`);
});

test("without a name the use case is the route's pattern, never the concrete path", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(trackRequests());
  const router = express.Router();
  router.get("/trails/:id", ask(house));
  app.use("/api", router);
  await using server = await listen(app);
  await (await fetch(`${server.url}/api/trails/17`)).json();
  const [event] = await house.events();
  expect(event?.useCaseName).toBe("GET_api_trails_id");
});

test("fifty concurrent requests of different users never mix", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(trackRequests({ userId: (request) => request.get("x-user") }));
  const client = anthropic(house);
  app.get("/chat", trackUseCase("customer_chat"), async (request, response) => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      await client.messages.create({
        model: "claude-sonnet-4-6",
        max_tokens: 50,
        messages: [{ role: "user", content: request.get("x-user") ?? "" }],
      });
    }
    response.json({ user: getContext().userId, id: request.payi?.id });
  });
  await using server = await listen(app);
  const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  const answers = await Promise.all(
    users.map(async (user) => {
      const response = await fetch(`${server.url}/chat`, { headers: { "x-user": user } });
      return (await response.json()) as { user: string; id: string };
    }),
  );
  expect(answers.map(({ user }) => user)).toEqual(users);
  const events = await house.events();
  expect(events).toHaveLength(150);
  const owner = new Map(answers.map(({ user, id }) => [id, user]));
  expect(events.filter((event) => owner.get(event.useCaseId ?? "") !== event.userId)).toEqual([]);
});

test("a request that calls no model makes no instance", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(trackRequests());
  app.get("/healthz", (_request, response) => void response.send("ok"));
  await using server = await listen(app);
  await (await fetch(`${server.url}/healthz`)).text();
  expect([await house.events(), house.scores]).toEqual([[], []]);
});

test("a client that leaves half-way ends the instance as aborted and stops the model call, counted once", async () => {
  await using house = await openHouse(answerHalfStream);
  const app = express();
  app.use(trackRequests({ kpis: { aborted: true } }));
  const client = anthropic(house);
  app.get("/chat", trackUseCase("customer_chat"), async (request, response) => {
    response.writeHead(200, { "content-type": "text/plain" });
    const stream = client.messages.stream(
      { model: "claude-sonnet-4-6", max_tokens: 50, messages: [{ role: "user", content: "hello" }] },
      { signal: request.payi?.signal },
    );
    stream.on("text", (text) => response.write(text));
    await stream.finalMessage().catch(() => undefined);
  });
  await using server = await listen(app);
  const abort = new AbortController();
  const response = await fetch(`${server.url}/chat`, { signal: abort.signal });
  await response.body?.getReader().read();
  abort.abort();
  await until(() => house.scores.some(({ kpi }) => kpi === "aborted"));
  const events = await house.events();
  expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["aborted"]);
  expect(events[0]?.properties?.["system.usage_source"]).toBe("partial");
  expect(events[0]?.units["text"]?.input).toBe(25);
  expect([scoresOf(house, "success"), scoresOf(house, "aborted")]).toEqual([[false], [true]]);
});

describe("success follows the answer", () => {
  const routes: Record<string, (house: House) => RequestHandler> = {
    "an answer of 200": ask,
    "an answer of 503": () => (request, response) => {
      request.payi?.recordKpi("seen", true);
      response.status(503).end();
    },
    "a handler that throws": () => (request) => {
      request.payi?.recordKpi("seen", true);
      throw new Error("boom");
    },
    "a request that says it failed": () => (request, response) => {
      request.payi?.fail("no_results");
      response.end();
    },
  };
  test.for(Object.entries(routes))("%s", async ([name, route]) => {
    await using house = await openHouse();
    const app = express();
    app.use(trackRequests());
    app.get("/", trackUseCase("chat"), route(house));
    app.use(
      ((_error, _request, response, _next) => void response.status(500).end()) as express.ErrorRequestHandler,
    );
    await using server = await listen(app);
    await (await fetch(server.url)).text();
    await until(() => scoresOf(house, "success").length > 0);
    expect(scoresOf(house, "success")).toEqual([name === "an answer of 200"]);
  });
});

test("a resolver that throws leaves its value out and the request unharmed", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(
    trackRequests({
      userId: () => {
        throw new Error("no session");
      },
      accountName: "acme",
    }),
  );
  app.get("/", ask(house));
  await using server = await listen(app);
  expect((await fetch(server.url)).status).toBe(200);
  const [event] = await house.events();
  expect([event?.userId, event?.accountName]).toEqual([undefined, "acme"]);
});

test("a skipped request is not tracked", async () => {
  await using house = await openHouse();
  const app = express();
  app.use(trackRequests({ skip: (request) => request.path === "/internal" }));
  app.get("/internal", ask(house));
  await using server = await listen(app);
  const response = await fetch(`${server.url}/internal`);
  await response.json();
  expect(response.headers.get("x-payi-use-case-id")).toBeNull();
  const [event] = await house.events();
  expect(event?.useCaseName).not.toBe("GET_internal");
});

describe("a refusal becomes an answer of the application", () => {
  const REFUSAL = {
    limitIds: ["daily"],
    limitName: "Daily budget",
    spent: "9.87",
    held: "0.12",
    max: "10.41",
  };
  const AMOUNTS = /9\.87|0\.12|10\.41/;

  function refusing(options?: Parameters<typeof limitErrors>[0]): Express {
    const app = express();
    app.get("/", () => {
      throw new Error("the SDK wrapped it", { cause: new LimitExceededError(REFUSAL) });
    });
    app.use(limitErrors(options));
    return app;
  }

  test("429 with a problem body, without amounts, and not to be retried", async () => {
    await using server = await listen(refusing());
    const response = await fetch(server.url);
    expect(response.status).toBe(429);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("retry-after")).toBeNull();
    const body = (await response.json()) as object;
    expect(body).toMatchObject({
      code: "payi_limit_exceeded",
      limitIds: ["daily"],
      limitName: "Daily budget",
    });
    expect(JSON.stringify(body)).not.toMatch(AMOUNTS);
  });

  test("says in Retry-After when the budget starts again, where that is known", async () => {
    const app = express();
    app.get("/", () => {
      throw new LimitExceededError({ ...REFUSAL, resetsAt: new Date(Date.now() + 3_600_000) });
    });
    app.use(limitErrors());
    await using server = await listen(app);
    const seconds = Number((await fetch(server.url)).headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3_000);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test("with amounts where the application asks for them", async () => {
    await using server = await listen(refusing({ exposeAmounts: true }));
    const body = await (await fetch(server.url)).json();
    expect(body).toMatchObject({ spent: "9.87", held: "0.12", max: "10.41" });
  });

  test("by Express's own handler, which shows an error's message: that tells no amounts either", async () => {
    const app = express();
    app.get("/", () => {
      throw new LimitExceededError(REFUSAL);
    });
    await using server = await listen(app);
    const response = await fetch(server.url);
    const text = await response.text();
    expect([response.status, response.headers.get("x-should-retry")]).toEqual([429, "false"]);
    expect(text).not.toMatch(AMOUNTS);
  });

  test.for([[402, 402] as const, [() => 424, 424] as const])(
    "or the status that is asked for",
    async ([blockStatus, status]) => {
      await using server = await listen(refusing({ blockStatus }));
      const response = await fetch(server.url);
      expect([response.status, ((await response.json()) as { status: number }).status]).toEqual([
        status,
        status,
      ]);
    },
  );

  test("other errors go on to the next handler", async () => {
    const app = express();
    app.get("/", () => {
      throw new Error("boom");
    });
    app.use(limitErrors());
    app.use(
      ((_error, _request, response, _next) => void response.status(418).end()) as express.ErrorRequestHandler,
    );
    await using server = await listen(app);
    expect((await fetch(server.url)).status).toBe(418);
  });
});

test("the returned middleware carries its factory's name", () => {
  expect([trackRequests().name, trackUseCase("a").name, limitErrors().name]).toEqual([
    "trackRequests",
    "trackUseCase",
    "limitErrors",
  ]);
});
