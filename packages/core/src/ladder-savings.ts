/** The money that each step of a ladder saved on one call. Pure. */
import { type NotedChange } from "./call-limits.ts";
import { type PriceRequest, price } from "./cost/engine.ts";
import { type PriceBook } from "./cost/price-book.ts";
import { type Permit } from "./limits/guard.ts";
import { mostOutputTokens } from "./limits/output-maxima.ts";
import { type Money } from "./money.ts";
import { type RequestFacts } from "./providers/provider.ts";
import { type Units } from "./usage.ts";
import { type StepSaving } from "./wire/ladder-savings.ts";
import { type LadderStep } from "./wire/limit-policy.ts";

/** A call that ladders acted on. */
export interface SteppedCall {
  readonly permit: Permit | undefined;
  readonly change: NotedChange | undefined;
  /** As the application gave it. */
  readonly asked: RequestFacts;
  /** What the answer is priced by; undefined where there was none. */
  readonly priced: PriceRequest | undefined;
  /** The resource that a model's answers are priced as. */
  readonly resourceOf: (model: string | undefined) => string | undefined;
  readonly book: () => PriceBook;
}

/** Steps that changed nothing about this call are left out: a bound that is small enough, a request that must stay as it is. */
export function stepSavings(call: SteppedCall): readonly StepSaving[] {
  const { permit, change, asked } = call;
  const savings: StepSaving[] = [];
  let { model, maxOutputTokens: bound } = asked;
  for (const { limitId, step } of permit?.steps ?? []) {
    if (change?.skipped.includes(step.action) === true) continue;
    const add = (saved: Money | undefined, atMost: boolean): void => {
      savings.push({ limitId, at: step.at, action: step.action, saved, atMost });
    };
    switch (step.action) {
      case "warn":
        add(0n, false);
        break;
      case "block":
        add(permit?.refusedCost, true);
        break;
      case "switch_model":
        if (!switches(step, model)) break;
        add(savedBySwitch(call, model, step.model), false);
        ({ model } = step);
        break;
      case "cap_output": {
        const before = bound ?? mostOutputTokens(model);
        if (bound !== undefined && bound <= step.maxOutputTokens) break;
        const saved = savedByCap(call, step.maxOutputTokens, before - step.maxOutputTokens);
        add(saved, saved !== 0n);
        bound = step.maxOutputTokens;
        break;
      }
    }
  }
  return savings;
}

function switches(step: Extract<LadderStep, { action: "switch_model" }>, model: string | undefined): boolean {
  return (step.from === undefined || step.from === model) && step.model !== model;
}

/** The same usage at the prices of both models. */
function savedBySwitch(
  { priced, change, asked, resourceOf, book }: SteppedCall,
  from: string | undefined,
  to: string,
): Money | undefined {
  const before = from === asked.model ? change?.resourceBefore : resourceOf(from);
  const after = change?.model === to ? priced?.resource : resourceOf(to);
  if (priced === undefined || before === undefined || after === undefined) return undefined;
  const [dear, cheap] = [before, after].map((resource) => price({ ...priced, resource }, book()).total);
  return typeof dear === "bigint" && typeof cheap === "bigint" ? dear - cheap : undefined;
}

/** Nothing where the answer came to its own end; else at most the output that was allowed before. */
function savedByCap({ priced, book }: SteppedCall, cap: number, more: number): Money | undefined {
  if (priced === undefined) return undefined;
  if (outputOf(priced.units) < cap) return 0n;
  const { text = NO_TEXT } = priced.units;
  const longer = { ...priced.units, text: { ...text, output: text.output + more } };
  const [dear, cheap] = [{ ...priced, units: longer }, priced].map((request) => price(request, book()).total);
  return typeof dear === "bigint" && typeof cheap === "bigint" ? dear - cheap : undefined;
}

const NO_TEXT = { input: 0, output: 0 };

/** What counts against a bound: the answer and the thoughts before it. */
function outputOf(units: Units): number {
  return (units["text"]?.output ?? 0) + (units["reasoning"]?.output ?? 0);
}
