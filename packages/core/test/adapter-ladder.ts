/** A limit with a ladder, walked up through an adapter: warned, a smaller model, a shorter answer, refused. */
import { expect } from "vitest";

import { USD } from "../src/money.ts";
import { type LadderStep } from "../src/wire/limit-policy.ts";
import { type Stage } from "./adapter-contract.ts";
import { guardOf, limit } from "./limits/asking.ts";
import { LimitBook } from "./limits/limit-book.ts";

const LADDER: readonly LadderStep[] = [
  { at: 0.2, action: "warn" },
  { at: 0.4, action: "switch_model", model: "gpt-5-mini", from: "gpt-5" },
  { at: 0.6, action: "cap_output", maxOutputTokens: 64 },
  { at: 0.8, action: "block" },
];

/** How a request leaves, and what its event says of the ladder. */
interface Rung {
  readonly spentPercent: bigint;
  readonly sent: { readonly model: string; readonly max_tokens: number | undefined };
  readonly properties: Readonly<Record<string, unknown>>;
}

const AS_ASKED = { model: "gpt-5", max_tokens: undefined };

const RUNGS: readonly Rung[] = [
  { spentPercent: 10n, sent: AS_ASKED, properties: { "system.ladder": undefined } },
  { spentPercent: 30n, sent: AS_ASKED, properties: { "system.ladder": "warn" } },
  {
    spentPercent: 50n,
    sent: { ...AS_ASKED, model: "gpt-5-mini" },
    properties: { "system.ladder": "warn,switch_model", "system.ladder_model_before": "gpt-5" },
  },
  {
    spentPercent: 70n,
    sent: { model: "gpt-5-mini", max_tokens: 64 },
    properties: {
      "system.ladder": "warn,switch_model,cap_output",
      "system.ladder_max_output_tokens": "64",
      "system.ladder_skipped": undefined,
    },
  },
];

/** The transport changes what leaves, whoever has asked the limits. */
export async function walkLadder(on: Stage): Promise<void> {
  for (const [index, { spentPercent, sent, properties }] of RUNGS.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await askAt(on, spentPercent)).toEqual({ ending: "answered" });
    const { model, max_tokens } = lastSent(on);
    expect({ model, max_tokens }).toEqual(sent);
    // oxlint-disable-next-line no-await-in-loop
    const event = (await on.house.events(index + 1))[index];
    expect(event?.resource).toBe(sent.model);
    const told = Object.keys(properties).map((name) => [name, event?.properties?.[name]]);
    expect(Object.fromEntries(told)).toEqual(properties);
  }
  await expectRefusal(on, RUNGS.length);
}

/** No transport can change what leaves: the event says which steps were not taken, and the last one refuses all the same. */
export async function walkLadderUnseen(on: Stage): Promise<void> {
  expect(await askAt(on, 70n)).toEqual({ ending: "answered" });
  expect(lastSent(on)).toMatchObject({ model: "gpt-5" });
  const [event] = await on.house.events(1);
  expect(event?.resource).toBe("gpt-5");
  expect(event?.properties).toMatchObject({ "system.ladder_skipped": "switch_model,cap_output" });
  expect(event?.properties?.["system.ladder_steps"]).toBe('[["daily",0.2,"warn","0"]]');
  await expectRefusal(on, 1);
}

async function expectRefusal(on: Stage, sentBefore: number): Promise<void> {
  expect(await askAt(on, 90n)).toEqual({ ending: "refused", limitIds: ["daily"] });
  expect(on.house.provider.received).toHaveLength(sentBefore);
}

/** One call, with that much of the budget spent before it. */
async function askAt(on: Stage, spentPercent: bigint): Promise<unknown> {
  const book = new LimitBook();
  book.put(limit("daily", { max: 100n * USD, ladder: LADDER }));
  const context = { category: "system.openai", resource: "gpt-5" };
  book.charge({ context, limitIds: undefined }, undefined, spentPercent * USD);
  Object.assign(on.house.runtime, { guard: guardOf(book) });
  return on.handle("jane", (model) => model.ask("hello"));
}

function lastSent(on: Stage): { readonly model?: unknown; readonly max_tokens?: unknown } {
  return JSON.parse(on.house.provider.received.at(-1)?.body ?? "{}") as object;
}
