/** Whatever the platform or something before it answers: a call goes or does not go as its limits say, and nothing throws. */
import { expect, test } from "vitest";

import { ask, CENT, guardOf, limit } from "./asking.ts";
import { LimitBook } from "./limit-book.ts";
import { fetchFrom } from "./limit-platform.ts";

const STRANGE: readonly (readonly [name: string, answer: () => Promise<Response>])[] = [
  ["half an answer", async () => new Response('{"lease_id": "a", "expires_in_ms": 10')],
  ["a page", async () => new Response("<html>")],
  ["no word on the call", async () => Response.json({ lease_id: "a", expires_in_ms: 10_000, lines: [] })],
  ["neither yes nor no", async () => Response.json({ hold_id: "a", lease_id: "a", call: { hold_id: "a" } })],
  [
    "amounts that are none",
    async () => Response.json({ hold_id: "a", admitted: true, limits: [{ limit_id: "a", max: "much" }] }),
  ],
  ["an error of the server", async () => Response.json({}, { status: 500 })],
  ["too many requests", async () => Response.json({}, { status: 429, headers: { "retry-after": "60" } })],
  ["another key", async () => Response.json({}, { status: 401 })],
  [
    "a body that breaks off",
    async () =>
      new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) })),
  ],
  ["no connection", () => Promise.reject(new TypeError("fetch failed"))],
];

test.for(
  STRANGE.flatMap(([name, answer]) =>
    (["strict", "history"] as const).map((mode) => [name, mode, answer] as const),
  ),
)("%s under a limit of mode %s", async ([, estimate, answer]) => {
  for (const [onUnreachable, goes] of [
    ["block", false],
    ["allow", true],
  ] as const) {
    const book = new LimitBook();
    book.put(limit("all", { estimate, onUnreachable }));
    const inside = fetchFrom(book);
    const guard = guardOf(book, async (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      return url.endsWith("/guard") ? inside(input, init) : answer();
    });
    const permits = [await ask(guard, { bound: CENT }), await ask(guard, { bound: CENT })];
    expect(permits.map(({ refusal }) => refusal?.reason)).toEqual(
      goes ? [undefined, undefined] : ["unreachable", "unreachable"],
    );
    expect(permits.map(({ unchecked }) => unchecked === true)).toEqual([goes, goes]);
    await guard.close(100);
  }
});

test("an answer that comes after the call stopped waiting holds nothing", async () => {
  const book = new LimitBook();
  book.put(limit("all", { estimate: "strict", onUnreachable: "allow" }));
  const inside = fetchFrom(book);
  let answerNow = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    answerNow = resolve;
  });
  const guard = guardOf(
    book,
    async (input, init) => {
      const answer = await inside(input, init);
      if (init?.method === "POST") await slow;
      return answer;
    },
    100,
  );
  expect(await ask(guard, { bound: CENT })).toMatchObject({ unchecked: true });
  expect(book.held("all")).toBe(CENT);
  answerNow();
  await expect.poll(() => book.held("all")).toBe(0n);
});
