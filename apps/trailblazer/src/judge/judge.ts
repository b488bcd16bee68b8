/**
 * Scores answers after they were given: an instance of `judge_validation` for each, whose scores are KPIs of the answer's
 * own instance.
 *
 * Invariants:
 * - nobody waits for the judge, and nothing that befalls it reaches a person;
 * - at most four answers are judged at once; beyond that answers stay unjudged.
 */
import { type Instance, currentInstance, startInstance } from "@payi/core";

import { costSoFar } from "../cost.ts";
import { type Model, type Providers, availableModels } from "../providers.ts";
import { type Exhibit, type Judgement, type Verdict, isPassed } from "./verdict.ts";

/** The models that can judge; the first one with a key does, unless another is chosen. */
export const JUDGE_MODELS: readonly Model[] = ["claude-haiku-4-5", "gpt-5-mini"];

const AT_ONCE = 4;
const KEPT = 1000;

export class Judge {
  /** Who judges; undefined: nobody. */
  model: Model | undefined;
  readonly #providers: Providers;
  readonly #judgements = new Map<string, Judgement>();
  readonly #running = new Set<Promise<void>>();
  readonly #closed = new AbortController();

  /** `model` must be one that a key is there for. */
  constructor(providers: Providers, model: Model | undefined) {
    this.#providers = providers;
    this.model = model;
  }

  /** The judgement on the answer of an instance; undefined where it was never judged, and after 1,000 others. */
  find(useCaseId: string): Judgement | undefined {
    return this.#judgements.get(useCaseId);
  }

  /** Has the answer of the running instance judged in the background. Never throws. */
  consider(exhibit: Exhibit): void {
    const judged = currentInstance();
    const { model } = this;
    if (judged === undefined || model === undefined || this.#closed.signal.aborted) return;
    if (this.#running.size >= AT_ONCE) return;
    const running = this.#judge(model, judged, exhibit).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Stops what is under way. Resolves when it has. */
  async close(): Promise<void> {
    this.#closed.abort();
    await Promise.all(this.#running);
  }

  async #judge(model: Model, judged: Instance, exhibit: Exhibit): Promise<void> {
    this.#keep(judged.id, { state: "judging" });
    const judging = startInstance({
      name: "judge_validation",
      useCaseProperties: { judged_use_case: judged.name, judge_model: model },
    });
    judging.costs.keep();
    await judging.run(async () => {
      try {
        const { askJudge } = await import("./ask-judge.ts");
        const verdict = await askJudge(this.#providers, model, exhibit, this.#closed.signal);
        judging.recordKpi("verdict_passed", isPassed(verdict));
        score(judged, verdict);
        this.#keep(judged.id, { state: "judged", verdict, cost: costSoFar() });
        judging.end("ok");
      } catch (error) {
        this.#keep(judged.id, { state: "failed" });
        if (!this.#closed.signal.aborted)
          judging.fail("no_verdict", error instanceof Error ? error.name : "");
        judging.end(this.#closed.signal.aborted ? "aborted" : "error");
      }
    });
  }

  #keep(useCaseId: string, judgement: Judgement): void {
    this.#judgements.delete(useCaseId);
    this.#judgements.set(useCaseId, judgement);
    const [oldest] = this.#judgements.keys();
    if (this.#judgements.size > KEPT && oldest !== undefined) this.#judgements.delete(oldest);
  }
}

function score(judged: Instance, { accuracy, safety, helpfulness }: Verdict): void {
  judged.recordKpi("judge_accuracy", accuracy);
  judged.recordKpi("judge_safety", safety);
  judged.recordKpi("judge_helpfulness", helpfulness);
}

/** The judge that `TRAILBLAZER_JUDGE` names: a model, `off`, or by default the first with a key. @throws {RangeError} */
export function readJudgeModel(providers: Providers, text: string | undefined): Model | undefined {
  const models = availableModels(providers, JUDGE_MODELS);
  if (text === undefined || text === "") return models[0];
  if (text === "off") return undefined;
  const model = models.find((known) => known === text);
  if (model !== undefined) return model;
  throw new RangeError(
    `TRAILBLAZER_JUDGE is ${JSON.stringify(text)}; write ${[...models, "off"].join(" or ")}.`,
  );
}
