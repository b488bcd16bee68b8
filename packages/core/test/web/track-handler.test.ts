import { describe, expect, test } from "vitest";

import { currentInstance } from "../../src/context.ts";
import { LimitExceededError } from "../../src/errors.ts";
import { type Guard } from "../../src/limits/guard.ts";
import { type TrackHandlerOptions, trackHandler } from "../../src/web/index.ts";
import { type ContractHouse, openContractHouse, sdkModel } from "../contract-house.ts";

const URL = "http://app.test/trails/17";

function text(...parts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
}

/** Runs one request whose handler records something, so that there is an instance to look at. */
function tracked(
  answer: () => Response | Promise<Response>,
  options: TrackHandlerOptions = {},
): (init?: RequestInit) => Promise<Response> {
  const handler = trackHandler(
    () => {
      currentInstance()?.recordKpi("seen", true);
      return answer();
    },
    { useCaseName: "web_case", ...options },
  );
  return (init) => handler(new Request(URL, init));
}

async function successes(house: ContractHouse, count: number): Promise<unknown[]> {
  return (await house.scores("success", count)).map(({ score }) => score);
}

describe("the instance ends", () => {
  test("when the body has been read, not when the handler returns", async () => {
    await using house = await openContractHouse(true);
    const response = await tracked(() => new Response(text("go ", "to Moab")))();
    await house.scores("seen", 1);
    expect(await successes(house, 0)).toEqual([]);
    expect(await response.text()).toBe("go to Moab");
    expect(await successes(house, 1)).toEqual([true]);
  });

  test("as aborted when the body is cancelled, which reaches the application", async () => {
    await using house = await openContractHouse(true);
    let cancelled: unknown;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array([1])),
      cancel: (reason) => void (cancelled = reason),
    });
    const response = await tracked(() => new Response(body), { kpis: "all" })();
    await response.body?.cancel("gone");
    expect(await successes(house, 1)).toEqual([false]);
    expect((await house.scores("aborted", 1)).map(({ score }) => score)).toEqual([true]);
    expect(cancelled).toBe("gone");
  });

  test("as a failure when the body breaks, and whoever reads gets the error itself", async () => {
    await using house = await openContractHouse(true);
    const error = new Error("the model fell silent");
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(error) });
    const response = await tracked(() => new Response(body))();
    await expect(response.text()).rejects.toBe(error);
    expect(await successes(house, 1)).toEqual([false]);
  });

  test("when the client leaves before the handler is through", async () => {
    await using house = await openContractHouse(true);
    const caller = new AbortController();
    const response = await tracked(() => {
      caller.abort();
      return new Response("too late");
    })({ signal: caller.signal });
    await response.text();
    expect(await successes(house, 1)).toEqual([false]);
  });

  test.for<[string, RequestInit, () => Response, boolean]>([
    ["an answer without a body", {}, () => new Response(null, { status: 204 }), true],
    ["a redirect, whose headers nobody may change", {}, () => Response.redirect(URL, 307), true],
    ["an answer to HEAD, whose body is dropped", { method: "HEAD" }, () => new Response("body"), true],
    ["an answer of 500", {}, () => new Response(null, { status: 500 }), false],
  ])("at once with %s", async ([, init, answer, success]) => {
    await using house = await openContractHouse(true);
    const response = await tracked(answer)(init);
    expect(response.headers.get("x-payi-use-case-id")).toMatch(/^[\da-f-]{36}$/);
    expect(await successes(house, 1)).toEqual([success]);
  });
});

test("status, headers and every cookie of the answer are kept", async () => {
  const headers = new Headers({ "content-type": "text/plain", "x-own": "yes" });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  const answer = (): Response => new Response("made", { status: 201, statusText: "Made", headers });
  const response = await tracked(answer, { exposeHeaders: false })();
  expect([response.status, response.statusText, response.headers.get("x-own")]).toEqual([201, "Made", "yes"]);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(response.headers.has("x-payi-use-case-id")).toBe(false);
});

test("a body that is made while it is read belongs to the request", async () => {
  await using house = await openContractHouse(true);
  const handler = trackHandler(
    (request) => {
      const words = sdkModel(house, request.signal).stream("hello");
      const body = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            const { done, value } = await words.next();
            if (done === true) controller.close();
            else controller.enqueue(new TextEncoder().encode(value));
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    },
    { useCaseName: "web_case", userId: "jane", kpis: { time_to_first_token_ms: true } },
  );
  const response = await handler(new Request(URL));
  await response.text();
  expect(await house.scores("time_to_first_token_ms", 1)).toEqual([
    { useCaseId: response.headers.get("x-payi-use-case-id"), score: expect.any(Number) as number },
  ]);
  expect(await house.events(1)).toMatchObject([
    { useCaseName: "web_case", userId: "jane", useCaseId: response.headers.get("x-payi-use-case-id") },
  ]);
});

test("without a name the use case is what the router knows when the first call is made", async () => {
  await using house = await openContractHouse(true);
  let pattern: string | undefined;
  const handler = trackHandler(
    async () => {
      pattern = "GET /trails/:id";
      await sdkModel(house).ask("hello");
      return new Response("done");
    },
    { routeName: () => pattern },
  );
  await (await handler(new Request(URL))).text();
  expect((await house.events(1))[0]?.useCaseName).toBe("GET_trails_id");
});

describe("thrown control flow is no failure", () => {
  const elsewhere = new Response(null, { status: 302 });
  test.for<[string, unknown, TrackHandlerOptions, boolean]>([
    ["a thrown redirect", elsewhere, {}, true],
    ["a thrown 404", new Response(null, { status: 404 }), {}, true],
    ["a thrown 500", new Response(null, { status: 500 }), {}, false],
    ["what the framework says", "GO", { isControlFlow: (error) => error === "GO" }, true],
    ["anything else", new Error("boom"), {}, false],
  ])("%s", async ([, thrown, options, success]) => {
    await using house = await openContractHouse(true);
    const failing = tracked(() => Promise.reject(thrown), options);
    await expect(failing()).rejects.toBe(thrown);
    expect(await successes(house, 1)).toEqual([success]);
  });
});

describe("a limit that is reached", () => {
  const closed: Guard = {
    authorize: () => ({ refusal: { limitIds: ["daily"], limitName: "Daily" }, settle: () => undefined }),
  };
  function refusing(house: ContractHouse, options: TrackHandlerOptions): Promise<Response> {
    Object.assign(house.runtime, { guard: closed });
    const handler = trackHandler(
      () => {
        throw new Error("the handler ran");
      },
      { useCaseName: "web_case", ...options },
    );
    return handler(new Request(URL));
  }

  test("answers before the handler runs, without amounts, and the instance failed", async () => {
    await using house = await openContractHouse(true);
    const response = await refusing(house, {});
    expect([response.status, response.headers.get("content-type")]).toEqual([
      429,
      "application/problem+json",
    ]);
    expect(response.headers.get("x-payi-limit-id")).toBe("daily");
    expect(await response.json()).toMatchObject({ code: "payi_limit_exceeded", limitIds: ["daily"] });
    expect(await successes(house, 1)).toEqual([false]);
  });

  test("says in Retry-After when the budget starts again, where that is known", async () => {
    await using _house = await openContractHouse(true);
    const failing = tracked(() => {
      throw new LimitExceededError({ limitIds: ["daily"], resetsAt: new Date(Date.now() + 3_600_000) });
    });
    const seconds = Number((await failing()).headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3_000);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test("answers with the status asked for", async () => {
    await using house = await openContractHouse(true);
    expect((await refusing(house, { blockStatus: 402 })).status).toBe(402);
  });

  test("answers as the application says", async () => {
    await using house = await openContractHouse(true);
    const onLimit = ({ limitName }: LimitExceededError): Response => new Response(limitName, { status: 200 });
    const response = await refusing(house, { onLimit });
    expect(await response.text()).toBe("Daily");
    expect(await successes(house, 1)).toEqual([false]);
  });

  test("is not asked about where that is switched off", async () => {
    await using house = await openContractHouse(true);
    await expect(refusing(house, { checkOnEntry: false })).rejects.toThrow("the handler ran");
  });
});

test("what the calls cost stands on the answer when it was asked for and is known", async () => {
  await using house = await openContractHouse(true);
  const handler = (calls: number): Promise<Response> =>
    trackHandler(
      async () => {
        for (let call = 0; call < calls; call += 1) await sdkModel(house).ask("hello");
        return new Response("done");
      },
      { useCaseName: "web_case", exposeCost: true },
    )(new Request(URL));
  const twice = await handler(2);
  // Two times 25 tokens at $1.25 and 40 at $10 per million.
  expect(twice.headers.get("x-payi-cost")).toBe("0.0008625");
  expect(twice.headers.get("server-timing")).toBe('payi;desc="$0.0008625 in 2 calls"');
  await twice.text();
  house.holdStreams();
  const running = await tracked(
    async () => {
      await sdkModel(house).stream("hello").next();
      return new Response(null, { status: 204 });
    },
    { exposeCost: true },
  )();
  expect([running.status, running.headers.has("x-payi-cost")]).toEqual([204, false]);
});

test("a resolver may answer later, and one that fails then leaves its value out", async () => {
  await using house = await openContractHouse(true);
  const handler = trackHandler(
    async () => {
      await sdkModel(house).ask("hello");
      return new Response("done");
    },
    {
      useCaseName: "web_case",
      userId: async () => "jane",
      accountName: () => Promise.reject(new Error("no session")),
    },
  );
  await (await handler(new Request(URL))).text();
  expect(await house.events(1)).toMatchObject([{ userId: "jane", accountName: undefined }]);
});

test("the platform is asked to wait until everything is delivered, and may be unable to", async () => {
  await using house = await openContractHouse(true);
  const waits: Promise<unknown>[] = [];
  const answer = async (): Promise<Response> => {
    await sdkModel(house).ask("hello");
    return new Response("done");
  };
  const response = await tracked(answer, { waitUntil: (work) => void waits.push(work) })();
  await response.text();
  await Promise.all(waits);
  expect([waits.length, house.runtime.queue.stats.pending, house.runtime.queue.stats.delivered]).toEqual([
    1, 0, 4,
  ]);
  const frozen = tracked(answer, {
    waitUntil: () => {
      throw new Error("outside of a request");
    },
  });
  expect((await frozen()).status).toBe(200);
});

test("a tracked handler inside another names its instance, unless that is a use case of its own", async () => {
  await using house = await openContractHouse(true);
  const ask = async (): Promise<Response> => {
    await sdkModel(house).ask("hello");
    return new Response("done");
  };
  const inner = trackHandler(ask, { useCaseName: "inner", useCaseId: "session-1", kpis: { success: "won" } });
  for (const useCaseName of [undefined, "outer"]) {
    const outer = trackHandler((request) => inner(request), { useCaseName, userId: "jane" });
    await (await outer(new Request(URL))).text();
  }
  const events = await house.events(2);
  expect(events).toMatchObject([
    { useCaseName: "inner", useCaseId: "session-1", userId: "jane" },
    { useCaseName: "inner", useCaseId: "session-1", userId: "jane" },
  ]);
  const parents = events.map(({ useCaseProperties }) => useCaseProperties?.["system.parent_use_case_id"]);
  expect(parents).toEqual([undefined, expect.any(String)]);
  expect((await house.scores("won", 2)).map(({ score }) => score)).toEqual([true, true]);
});
