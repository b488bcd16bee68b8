import { LimitExceededError, currentInstance } from "@payi/core";
import * as next15 from "next-15/navigation.js";
import * as next16 from "next/navigation.js";
import { NextRequest, NextResponse } from "next/server.js";
import { describe, expect, expectTypeOf, test } from "vitest";

import { openContractHouse } from "../../core/test/contract-house.ts";
import { withTracking } from "../src/index.ts";

function record(): void {
  currentInstance()?.recordKpi("seen", true);
}

/** What `work` throws; undefined when it throws nothing. */
async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.for([["15", next15] as const, ["16", next16] as const])(
  "control flow of Next %s passes unchanged and is no failure",
  ([, next]) => {
    test.for<[string, () => never, boolean]>([
      ["redirect", () => next.redirect("/trails"), true],
      ["permanentRedirect", () => next.permanentRedirect("/trails"), true],
      ["notFound", () => next.notFound(), true],
      [
        "an error of the application",
        () => {
          throw Object.assign(new Error("boom"), { digest: "1234567" });
        },
        false,
      ],
    ])("%s", async ([, leave, success]) => {
      await using house = await openContractHouse(true);
      const plain = await thrownBy(leave);
      const route = withTracking(
        () => {
          record();
          return leave();
        },
        { useCaseName: "next_case" },
      );
      const action = withTracking.action(
        async () => {
          record();
          return leave();
        },
        { useCaseName: "next_case" },
      );
      expect(await thrownBy(() => route(new NextRequest("http://app.test/")))).toEqual(plain);
      expect(await thrownBy(action)).toEqual(plain);
      expect((await house.scores("success", 2)).map(({ score }) => score)).toEqual([success, success]);
    });
  },
);

describe.for([["15", next15] as const, ["16", next16] as const])(
  "redirect() of Next %s in onLimit passes unchanged, and the instance has ended as a failure",
  ([, next]) => {
    const refuse = (): never => {
      record();
      throw new LimitExceededError({ limitIds: ["daily"] });
    };
    const options = { useCaseName: "next_case", onLimit: () => next.redirect("/pricing") };
    test.for<[string, () => Promise<unknown>]>([
      ["a route handler", () => withTracking(refuse, options)(new NextRequest("http://app.test/"))],
      ["a server action", withTracking.action(async () => refuse(), options)],
    ])("%s", async ([, run]) => {
      await using house = await openContractHouse(true);
      const plain = await thrownBy(() => next.redirect("/pricing"));
      expect(await thrownBy(run)).toEqual(plain);
      expect((await house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    });
  },
);

test("parameters and Next's own request reach the handler, and cookies of its answer the caller", async () => {
  await using house = await openContractHouse(true);
  const GET = withTracking(
    async (request: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
      record();
      const response = NextResponse.json({
        id: (await params).id,
        near: request.nextUrl.searchParams.get("near"),
      });
      response.cookies.set("seen", "yes");
      return response;
    },
    { useCaseName: "next_case", userId: async (request) => request.cookies.get("user")?.value },
  );
  expectTypeOf(GET).parameters.toEqualTypeOf<[NextRequest, { params: Promise<{ id: string }> }]>();
  const request = new NextRequest("http://app.test/trails/17?near=Moab", {
    headers: { cookie: "user=jane" },
  });
  const response = await GET(request, { params: Promise.resolve({ id: "17" }) });
  expect(await response.json()).toEqual({ id: "17", near: "Moab" });
  expect(response.headers.get("set-cookie")).toContain("seen=yes");
  expect(await house.scores("success", 1)).toHaveLength(1);
});

test("an action that is refused throws the refusal, or answers what the application says", async () => {
  await using house = await openContractHouse(true);
  const permit = { refusal: { limitIds: ["daily"] }, settle: () => undefined };
  Object.assign(house.runtime, { guard: { authorize: () => permit } });
  const find = async (near: string): Promise<string> => near;
  const strict = withTracking.action(find, { useCaseName: "next_case" });
  await expect(strict("Moab")).rejects.toMatchObject({ code: "payi_limit_exceeded", limitIds: ["daily"] });
  const kind = withTracking.action(find, {
    useCaseName: "next_case",
    onLimit: (_refusal, near) => `Nothing more about ${near} today.`,
  });
  expect(await kind("Moab")).toBe("Nothing more about Moab today.");
  expect((await house.scores("success", 2)).map(({ score }) => score)).toEqual([false, false]);
});

test("a skipped action is not tracked", async () => {
  const action = withTracking.action(async () => currentInstance(), {
    useCaseName: "next_case",
    skip: () => true,
  });
  expect(await action()).toBeUndefined();
});

test.for([
  [() => withTracking(() => new Response(), {} as never), "withTracking.useCaseName must be the name"],
  [
    () => withTracking(() => new Response(), { useCaseName: "a", waitUntil: () => 1 } as never),
    "withTracking.waitUntil is not an option",
  ],
  [
    () => withTracking.action(undefined as never, { useCaseName: "a" }),
    "withTracking.action takes the function",
  ],
  [
    () => withTracking.action(async () => Promise.resolve(1), { useCaseName: "a", kpis: "foo" as never }),
    "withTracking.action.kpis must be",
  ],
] as const)("a mistake in the options shows where they are given: %#", ([make, message]) => {
  expect(make).toThrow(message);
});
