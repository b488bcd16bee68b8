import { type IncomingMessage, type ServerResponse } from "node:http";

import { Controller, Get } from "@nestjs/common";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Track } from "../src/index.ts";
import { type Model, PLATFORMS, run, startModel } from "./support.ts";

let model: Model;
beforeAll(async () => {
  model = await startModel();
});
afterAll(() => model[Symbol.asyncDispose]());

@Controller("trails")
class Trails {
  @Get()
  async near(): Promise<string> {
    return model.ask();
  }

  @Get("tracked")
  @Track({ useCaseName: "tracked_case", useCaseProperties: () => null as never })
  async tracked(): Promise<string> {
    return model.ask();
  }
}

const UNUSABLE: readonly (readonly [what: string, payi: object])[] = [
  ["rejects", { userId: () => Promise.reject(new Error("no session")) }],
  ["comes to an id that no header carries", { useCaseId: async () => "\u4e2d" }],
  ["is an id that no header carries", { useCaseId: () => "\u4e2d" }],
  ["comes to no properties", { useCaseProperties: async () => null }],
  ["is no properties", { requestProperties: () => null }],
];

describe.each(PLATFORMS)("on %s", (_name, adapter) => {
  test.for(UNUSABLE)("a request hung or failed where what an option tells %s", async ([, payi]) => {
    await using on = await run(model, { controllers: [Trails], adapter, payi });
    for (const path of ["trails", "trails/tracked"]) {
      const response = await fetch(`${on.url}/${path}`);
      expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^msg_/)]);
    }
    const names = (await on.recorder.events()).map(({ useCaseName }) => useCaseName);
    expect(names).toEqual(["Trails.near", "tracked_case"]);
  });
});

test.for([
  ["opened", 0, {}],
  ["joined", 1, { useCaseId: async () => "late" }],
] as const)("an instance that could not be %s took the request with it", async ([, allowed, payi]) => {
  let asked = 0;
  const refuseHeader = (_request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (name, value) => {
      if (name === "x-payi-use-case-id" && (asked += 1) > allowed) throw new Error("not this one");
      return setHeader(name, value);
    };
    next();
  };
  await using on = await run(model, {
    controllers: [Trails],
    payi,
    prepare: (app) => app.use(refuseHeader),
  });
  const response = await fetch(`${on.url}/trails`);
  expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^msg_/)]);
  expect(asked).toBeGreaterThan(allowed);
  expect(await on.recorder.events()).toHaveLength(1);
});
