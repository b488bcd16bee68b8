import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import { describe, expect, test } from "vitest";

import { type ContractHouse, openContractHouse } from "../../core/test/contract-house.ts";
import { type TrackRequestsOptions, limitErrors, trackRequests, trackUseCase } from "../src/index.ts";
import { listen } from "./support.ts";
import { VERSIONS } from "./versions.ts";

/** What is said about faults from now on. */
function listenToFaults(house: ContractHouse): string[] {
  const said: string[] = [];
  const warn = (kind: string, message: string): void => void said.push(`${kind} ${message}`);
  Object.assign(house.runtime, { log: { warn } });
  return said;
}

/** A request on which our part fails: its handle cannot be put there. */
const refuseHandle: RequestHandler = (request, _response, next) => {
  Object.defineProperty(request, "payi", { value: undefined, writable: false });
  next();
};

const WAYS: [string, TrackRequestsOptions][] = [
  ["at once", {}],
  ["after a resolver that answers later", { userId: () => Promise.resolve("jane") }],
];

describe.for(Object.entries(VERSIONS))("on Express %s", ([, framework]) => {
  test.for(WAYS)("a fault of ours is logged and the request goes on once: %s", async ([, options]) => {
    await using house = await openContractHouse(true);
    const said = listenToFaults(house);
    const app = framework();
    let entered = 0;
    app.use(refuseHandle, trackRequests(options), (_request, _response, next) => {
      entered += 1;
      next();
    });
    app.get("/", trackUseCase("chat", options), (_request, response) => void response.send("done"));
    await using server = await listen(app);
    const response = await fetch(server.url);
    expect([response.status, await response.text(), entered]).toEqual([200, "done", 1]);
    expect(said).toContainEqual(expect.stringMatching(/^layer:express .*could not do its part.*payi/));
  });

  test.for(WAYS)(
    "an error of a handler goes to the error handlers, once and unlogged: %s",
    async ([, options]) => {
      await using house = await openContractHouse(true);
      const said = listenToFaults(house);
      const app = framework();
      const seen: unknown[] = [];
      let entered = 0;
      app.use(trackRequests(options));
      app.get("/", trackUseCase("chat", options), () => {
        entered += 1;
        throw new Error("boom");
      });
      app.use(((error: Error, _request, response, _next) => {
        seen.push(error.message);
        response.status(418).end();
      }) as ErrorRequestHandler);
      await using server = await listen(app);
      expect([(await fetch(server.url)).status, entered, seen]).toEqual([418, 1, ["boom"]]);
      expect(said).toEqual([]);
    },
  );
});

test("an error that going on itself throws is the caller's, and the request does not go on twice", async () => {
  await using house = await openContractHouse(true);
  const said = listenToFaults(house);
  const boom = new Error("boom");
  let entered = 0;
  const app = express();
  app.use((request, response, next) => {
    const failing = (): never => {
      entered += 1;
      throw boom;
    };
    try {
      void trackRequests()(request, response, failing);
      next(new Error("nothing was thrown"));
    } catch (error) {
      next(error === boom ? undefined : error);
    }
  });
  app.get("/", (_request, response) => void response.send("done"));
  await using server = await listen(app);
  expect([(await fetch(server.url)).status, entered, said]).toEqual([200, 1, []]);
});

test.for([
  [() => trackRequests({ kpis: null as never }), "trackRequests.kpis must be"],
  [() => trackRequests({ useCasName: "a" } as never), "trackRequests.useCasName is not an option"],
  [() => trackUseCase(undefined as never), "trackUseCase.useCaseName must be a non-empty string"],
  [
    () => limitErrors({ blockStatus: 1000 as never }),
    "limitErrors.blockStatus must be a status from 400 to 599",
  ],
] as const)("a mistake in the options shows at start, not in a request: %#", ([make, message]) => {
  expect(make).toThrow(message);
});
