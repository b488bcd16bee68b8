/** A request of `node:http` as an instance, whichever framework is above it. */
import { type ServerResponse, createServer, get } from "node:http";
import { type AddressInfo } from "node:net";

import { expect, test } from "vitest";

import { type ExchangeOptions, joinExchange, openExchange } from "../src/exchange.ts";
import { type Metered, meter } from "./support.ts";

interface Answer {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/** One request, answered by `handle`; resolves when the response is closed. */
async function exchange(
  handle: (response: ServerResponse) => void | Promise<void>,
  leaveEarly = false,
): Promise<Answer> {
  let noteClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    noteClosed = resolve;
  });
  const server = createServer((_request, response) => {
    response.once("close", noteClosed);
    void handle(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<Answer>((resolve) => {
    const request = get({ port, host: "127.0.0.1", agent: false }, (response) => {
      const { headers } = response;
      response.on("error", () => resolve({ headers, failed: true }));
      response.on("end", () => resolve({ headers, failed: false }));
      response.resume();
    });
    request.on("error", () => resolve({ headers: {}, failed: true }));
    if (leaveEarly) setTimeout(() => request.destroy(), 20);
  });
  await closed;
  await new Promise((resolve) => server.close(resolve));
  return answer;
}

function open(
  response: ServerResponse,
  options: ExchangeOptions<unknown> = {},
  useCaseId?: string,
): ReturnType<typeof openExchange> {
  return openExchange(
    { kpis: "all", ...options },
    { useCaseName: "search", useCaseId },
    response,
    () => undefined,
  );
}

async function scores(metered: Metered): Promise<Record<string, unknown>> {
  await metered.flush({ timeoutMs: 30_000 });
  return Object.fromEntries(
    metered.platform.scores.map(({ path, score }) => [path.split("/").at(-1), score]),
  );
}

test("an id in letters that no header carries is left out of the answer, and breaks none", async () => {
  await using metered = await meter([], "own");
  const { headers, failed } = await exchange((response) => {
    const { instance } = open(response, {}, "中");
    instance.recordKpi("found", 1);
    response.end("fine");
  });
  expect([headers["x-payi-use-case-id"], failed]).toEqual([undefined, false]);
  expect(await scores(metered)).toMatchObject({ found: 1, success: true });
});

test("a client that left while the options were still being told has left", async () => {
  await using metered = await meter([], "own");
  let aborted = false;
  await exchange(async (response) => {
    await new Promise((resolve) => response.once("close", resolve));
    const { instance, handle } = open(response);
    instance.recordKpi("found", 1);
    aborted = handle.signal.aborted;
  }, true);
  expect(aborted).toBe(true);
  await metered.flush({ timeoutMs: 30_000 });
});

test("an answer that the application broke off is a failure of its own, not of a client that left", async () => {
  await using metered = await meter([], "own");
  const { failed } = await exchange((response) => {
    open(response).instance.recordKpi("found", 1);
    response.write("half");
    response.destroy(new Error("the database is gone"));
  });
  expect(failed).toBe(true);
  expect(await scores(metered)).toMatchObject({ success: false, aborted: false });
});

test("what a part of a request says of headers counts for its answer", async () => {
  await using _metered = await meter([], "own");
  const { headers: shown } = await exchange((response) => {
    const opened = open(response, { exposeHeaders: false });
    joinExchange(opened, { exposeHeaders: true, exposeCost: true }, {}, response, () => response.end());
  });
  expect(shown).toMatchObject({ "x-payi-use-case-id": expect.any(String) as string, "x-payi-cost": "0" });
  const { headers: hidden } = await exchange((response) => {
    const opened = open(response, { exposeCost: true });
    joinExchange(opened, { exposeHeaders: false, exposeCost: false }, {}, response, () => response.end());
  });
  expect(Object.keys(hidden).filter((name) => name.startsWith("x-payi"))).toEqual([]);
});
