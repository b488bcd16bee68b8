/**
 * One execution of a use case, from start to end: the thing that every adapter maps its framework onto.
 *
 * Invariants:
 * - it is created lazily: without a call, a KPI or a property nothing is ever sent;
 * - `end` is idempotent and never throws; results that come later still belong to the instance;
 * - a name, user or property set during the run counts for every call made afterwards.
 */
import {
  type ContextValues,
  type PayiContext,
  type Scope,
  currentScope,
  currentValues,
  mergeContext,
  mergeProperties,
  noteUnusable,
  outerValues,
  runAllInScope,
} from "./context.ts";
import { isErrorFinish } from "./finish-reason.ts";
import { InstanceCosts } from "./instance-costs.ts";
import {
  type AutoKpiOptions,
  type ChosenKpi,
  type InstanceOutcome,
  chooseAutoKpis,
  chooseLayerKpis,
  defineKpi,
  scoreAutoKpis,
} from "./kpis.ts";
import { type ResultSlot } from "./results.ts";
import { getRuntime } from "./runtime.ts";
import { usableContext, usableText, usableVersion } from "./usable-context.ts";
import { type Properties } from "./wire/ingest.ts";
import { toUseCaseName } from "./wire/use-cases.ts";

export interface InstanceOptions extends Omit<PayiContext, "useCaseName"> {
  /** The use case. A function is asked when the name is first needed, and again until it gives one. */
  readonly name: string | (() => string | undefined);
  /** Default: `success` and `latency_ms`. */
  readonly kpis?: AutoKpiOptions | undefined;
}

export { type InstanceOutcome } from "./kpis.ts";

/** Opens an instance. Nothing is sent until something happens in it. Never throws. */
export function startInstance(options: InstanceOptions): Instance {
  return new Instance(options);
}

export class Instance {
  readonly #options: InstanceOptions;
  /** What the frames of this instance carry, whichever id it has by now. */
  readonly #openedAs: string;
  readonly #startedMs = performance.now();
  /** What its calls cost. */
  readonly costs: InstanceCosts;
  #id: string;
  #name: string | undefined;
  #version: number | undefined;
  /** Set by `setUser`; until then the user and account that `run` found in the context count. */
  #user: { readonly userId: string | undefined; readonly accountName: string | undefined } | undefined;
  /** What holds inside; until something runs, what the options say. */
  #base: ContextValues;
  #added: Properties | undefined;
  #calls = 0;
  #kpis: AutoKpiOptions | undefined;
  #layerKpis: readonly ChosenKpi[] = [];
  /** Tool calls by their ids, and whether each has failed; undefined where nobody counts them. */
  #tools: Map<string, boolean> | undefined;
  #firstTokenMs: number | undefined;
  #finishIsError: boolean | undefined;
  #touched = false;
  #failure: string | undefined;
  #ended = false;

  constructor(options: InstanceOptions) {
    const { name, kpis, ...context } = options;
    const usable = usableContext(context, noteUnusable);
    const { useCaseId, useCaseVersion, userId, accountName, useCaseProperties } = usable;
    this.#id = this.#openedAs = useCaseId || crypto.randomUUID();
    this.#options = { ...usable, name };
    this.#kpis = kpis;
    this.#version = useCaseVersion;
    this.#base = { userId, accountName, useCaseProperties };
    const scope = currentScope();
    this.costs = new InstanceCosts(scope?.instance?.costs);
    const parentId = parentOf(scope);
    if (parentId !== undefined) this.#added = { "system.parent_use_case_id": parentId };
  }

  get id(): string {
    return this.#id;
  }

  /** The use case. `unnamed` while nobody knows better. */
  get name(): string {
    if (this.#name !== undefined) return this.#name;
    const { name } = this.#options;
    const legal = legalName(typeof name === "function" ? ask(name) : name);
    // A resolver that cannot tell yet (no route matched so far) is asked again at the next need.
    if (legal !== undefined) this.#name = legal;
    return legal ?? "unnamed";
  }

  /** True once `end` was called. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Runs `run` inside the instance and returns what it returns; of a generator every step. May be called several times, also
   * after `end`.
   */
  run<T>(run: () => T): T {
    return runAllInScope(this.enter(), run);
  }

  /** What a flow that enters the instance here carries. */
  enter(): Scope {
    const outer = outerValues();
    const { useCaseVersion, useCaseStep, useCaseProperties } = this.#options;
    this.#base = {
      ...mergeContext(outer, this.#options),
      // The name may not be known yet; `describe` fills it in when a call needs it.
      useCaseName: "unnamed",
      useCaseId: this.#openedAs,
      useCaseVersion,
      useCaseStep,
      useCaseProperties: mergeProperties(outer.useCaseProperties, useCaseProperties),
    };
    return { values: this.#base, instance: this };
  }

  /** `values` with this instance's present name, version, user and properties, where they belong to it. */
  describe(values: ContextValues): ContextValues {
    if (values.useCaseId !== this.#openedAs) return values;
    const user = values.userId === this.#base.userId && values.accountName === this.#base.accountName;
    return {
      ...values,
      useCaseName: this.name,
      useCaseId: this.#id,
      useCaseVersion: this.#version ?? values.useCaseVersion,
      userId: user && this.#user !== undefined ? this.#user.userId : values.userId,
      accountName: user && this.#user !== undefined ? this.#user.accountName : values.accountName,
      useCaseProperties: mergeProperties(values.useCaseProperties, this.#added),
    };
  }

  setName(name: string): void {
    this.#name = legalName(name) ?? this.#name;
  }

  /** Goes on as another instance, for calls and KPIs from now on. */
  setId(id: string): void {
    this.#id = usableText("useCaseId", id, noteUnusable) || this.#id;
  }

  /** Which KPIs it records when it ends. */
  setKpis(kpis: AutoKpiOptions): void {
    this.#kpis = kpis;
  }

  /** A layer inside is asked for KPIs: those that it hears of are recorded too, whatever the instance's own choice. */
  addLayerKpis(kpis: AutoKpiOptions | undefined): void {
    const chosen = chooseLayerKpis(kpis);
    if (chosen.length > 0) this.#layerKpis = chosen;
  }

  /** A layer hears of tools from now on: none is zero, and no longer unknown. */
  countTools(): void {
    this.#tools ??= new Map();
  }

  /** A tool was called, or has failed; several layers may tell of the same call, by its id. */
  noteTool(id: string, failed: boolean): void {
    this.#tools ??= new Map();
    this.#tools.set(id, failed || this.#tools.get(id) === true);
  }

  setVersion(version: number): void {
    this.#version = usableVersion("useCaseVersion", version, noteUnusable) ?? this.#version;
  }

  /** Counts for calls made from now on. The account stays as it is unless one is given. */
  setUser(userId: string | undefined, accountName?: string): void {
    const account = usableText("accountName", accountName, noteUnusable);
    this.#user = {
      userId: usableText("userId", userId, noteUnusable),
      accountName: account ?? this.#user?.accountName ?? this.#base.accountName,
    };
  }

  /** Added to the properties the instance has; `null` removes one. */
  addProperties(properties: Properties): void {
    this.#touched = true;
    this.#added = mergeProperties(this.#added, properties) ?? this.#added;
  }

  /**
   * What an adapter learned after the start: name, version, user and properties. Unlike `addProperties` this makes
   * nothing happen: an instance without a call or a KPI stays unsent.
   */
  adopt(learned: PayiContext): void {
    if (learned.useCaseName !== undefined) this.setName(learned.useCaseName);
    if (learned.useCaseVersion !== undefined) this.setVersion(learned.useCaseVersion);
    if (learned.userId !== undefined || learned.accountName !== undefined) {
      this.setUser(learned.userId ?? this.#user?.userId ?? this.#base.userId, learned.accountName);
    }
    this.#added = mergeProperties(this.#added, learned.useCaseProperties) ?? this.#added;
  }

  /** Records a business outcome, in the background. A KPI nobody defined yet is created. Never throws. */
  recordKpi(name: string, score: boolean | number): void {
    if (typeof score !== "boolean" && !Number.isFinite(score)) {
      const rule = "A score is true, false or a finite number";
      getRuntime()?.log.warn("kpi", `${rule}; the KPI ${name} was given ${String(score)} and is left out.`);
      return;
    }
    this.#touched = true;
    this.#pushScores([{ name, score }]);
  }

  #pushScores(scores: readonly { readonly name: string; readonly score: boolean | number }[]): void {
    const runtime = getRuntime();
    if (runtime === undefined) return;
    try {
      const { name: useCaseName, id: useCaseId } = this;
      const { userId, accountName } = this.#user ?? this.#base;
      const instance = {
        useCaseId,
        useCaseVersion: this.#version ?? this.#base.useCaseVersion,
        userId,
        accountName,
        properties: mergeProperties(this.#base.useCaseProperties, this.#added),
      };
      for (const { name: kpiName, score } of scores) {
        const definition = defineKpi(kpiName, score);
        runtime.queue.pushScore({ kpiName, score, definition, useCaseName, useCaseId, instance });
      }
    } catch (error) {
      // An adapter ends its instance in an event of the server, where a throw would end the process.
      const names = scores.map(({ name }) => name).join(", ");
      runtime.log.warn("kpi", `The KPI ${names} could not be recorded: ${String(error)}`);
    }
  }

  /** The instance did not do what it should, although nothing was thrown. */
  fail(reason: string, description?: string): void {
    this.#failure = reason;
    this.addProperties({
      "system.failure": reason,
      ...(description === undefined ? {} : { "system.failure.description": description }),
    });
  }

  /** A provider call was opened inside this instance; `slot` is where its result will stand. */
  noteCall(slot: ResultSlot): void {
    this.#calls += 1;
    this.#touched = true;
    this.costs.note(slot);
  }

  /** The first part of a streamed answer has come; later ones change nothing. */
  noteFirstToken(): void {
    this.#firstTokenMs ??= performance.now();
  }

  /** An answer has ended, and the provider told why; the last one counts. */
  noteFinish(reason: string): void {
    this.#finishIsError = isErrorFinish(reason);
  }

  /** Ends the instance and records its automatic KPIs; streams nobody reads any more are settled soon after. */
  end(outcome: InstanceOutcome = "ok"): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#touched) return;
    try {
      this.#scoreEnd(outcome);
    } catch (error) {
      // Whoever ends it does so in an event of a server, where a throw would end the process.
      getRuntime()?.log.warn("kpi", `The KPIs of ${this.name} could not be recorded: ${String(error)}`);
    }
  }

  #scoreEnd(outcome: InstanceOutcome): void {
    const chosen = scoreAutoKpis([...chooseAutoKpis(this.#kpis), ...this.#layerKpis], {
      outcome,
      failed: this.#failure !== undefined,
      latencyMs: performance.now() - this.#startedMs,
      calls: this.#calls,
      tools: this.#tools,
      finishIsError: this.#finishIsError,
      firstTokenMs: this.#firstTokenMs === undefined ? undefined : this.#firstTokenMs - this.#startedMs,
    });
    if (chosen.length > 0) this.#pushScores(chosen);
  }
}

/** The instance around a new one, if it is in one. */
function parentOf(scope: Scope | undefined): string | undefined {
  return scope === undefined ? undefined : currentValues(scope).useCaseId;
}

function legalName(given: unknown): string | undefined {
  const name = typeof given === "string" ? given : usableText("useCaseName", given, noteUnusable);
  return name === undefined ? undefined : toUseCaseName(name);
}

/** A name that cannot be told is none: the call that asks for it must not fail by it. */
function ask(name: () => string | undefined): string | undefined {
  try {
    return name();
  } catch (error) {
    getRuntime()?.log.warn("name", `The name of an instance could not be told: ${String(error)}`);
    return undefined;
  }
}
