/** Which limits a call spends from. Pure, synchronous, and quick where there are none. */
import { type ContextValues } from "../context.ts";
import { type GuardAutomatic, type GuardDefinitions, type GuardLimit } from "../wire/guard.ts";
import { type LimitPer, type LimitSelector } from "../wire/limit-policy.ts";
import { type Attempt } from "./guard.ts";

/** One budget that a call spends from. */
export interface Budget {
  readonly limit: GuardLimit | GuardAutomatic;
  /** Undefined for an instance's own limit whose id nobody told yet. */
  readonly limitId: string | undefined;
  readonly value: string;
  /** Names the budget in this process; undefined without an id. */
  readonly key: string | undefined;
}

export function budgetKey(limitId: string, value: string): string {
  return `${limitId}\n${value}`;
}

const MOST_INSTANCES = 10_000;

/** Definitions in force, made to be asked by every call. */
export class Definitions {
  readonly version: string;
  readonly #named: ReadonlyMap<string, GuardLimit>;
  readonly #selecting: readonly GuardLimit[];
  readonly #automatic: ReadonlyMap<string, GuardAutomatic>;
  /** Ids of instances' own limits, as far as they were told. */
  readonly #instanceLimits = new Map<string, string>();

  constructor(definitions: GuardDefinitions) {
    this.version = definitions.version;
    this.#named = new Map(definitions.limits.map((limit) => [limit.limitId, limit]));
    this.#selecting = definitions.limits.filter(({ selector }) => selector !== undefined);
    this.#automatic = new Map(definitions.automatic.map((one) => [one.useCaseName, one]));
  }

  /** True for an id that is one of the limits here. */
  knows(limitId: string): boolean {
    return this.#named.has(limitId);
  }

  /** The limits named by the call, those whose selector matches, and the instance's own; each once. */
  budgetsOf(attempt: Attempt): readonly Budget[] {
    const { context } = attempt;
    if (this.#named.size === 0 && this.#automatic.size === 0) return NONE;
    let found: Budget[] | undefined;
    for (const id of context.limitIds ?? NO_IDS) {
      const limit = this.#named.get(id);
      if (limit !== undefined) (found ??= []).push(budgetOf(limit, context));
    }
    for (const limit of this.#selecting) {
      if (context.limitIds?.includes(limit.limitId) === true) continue;
      if (matches(limit.selector ?? {}, attempt)) (found ??= []).push(budgetOf(limit, context));
    }
    const { useCaseName, useCaseId } = context;
    const own = useCaseName === undefined ? undefined : this.#automatic.get(useCaseName);
    if (own !== undefined && useCaseId !== undefined) {
      const limitId = this.#instanceLimits.get(useCaseId);
      const key = limitId === undefined ? undefined : budgetKey(limitId, "");
      (found ??= []).push({ limit: own, limitId, value: "", key });
    }
    return found ?? NONE;
  }

  /** The platform told the id of an instance's own limit. */
  noteInstanceLimit(useCaseId: string, limitId: string): void {
    if (this.#instanceLimits.size >= MOST_INSTANCES) this.#instanceLimits.clear();
    this.#instanceLimits.set(useCaseId, limitId);
  }
}

const NONE: readonly Budget[] = [];
const NO_IDS: readonly string[] = [];

function budgetOf(limit: GuardLimit, context: ContextValues): Budget {
  const value = limit.per === undefined ? "" : valueOf(limit.per, context);
  return { limit, limitId: limit.limitId, value, key: budgetKey(limit.limitId, value) };
}

/** Whose budget: a call without the value spends from the budget of the empty one. */
function valueOf(per: LimitPer, context: ContextValues): string {
  switch (per) {
    case "user_id":
      return context.userId ?? "";
    case "account_name":
      return context.accountName ?? "";
    case "use_case_name":
      return context.useCaseName ?? "";
    default:
      return propertyOf(per.slice("property:".length), context) ?? "";
  }
}

function propertyOf(name: string, context: ContextValues): string | undefined {
  const own = (bag: ContextValues["requestProperties"]): string | null | undefined =>
    bag !== undefined && Object.hasOwn(bag, name) ? bag[name] : undefined;
  const request = own(context.requestProperties);
  return (request === undefined ? own(context.useCaseProperties) : request) ?? undefined;
}

function matches(selector: LimitSelector, { category, resource, context }: Attempt): boolean {
  const { properties } = selector;
  return (
    (selector.useCaseName === undefined || selector.useCaseName === context.useCaseName) &&
    (selector.userId === undefined || selector.userId === context.userId) &&
    (selector.accountName === undefined || selector.accountName === context.accountName) &&
    (selector.category === undefined || selector.category === category) &&
    (selector.resource === undefined || selector.resource === resource) &&
    (properties === undefined ||
      Object.entries(properties).every(([name, value]) => propertyOf(name, context) === (value ?? undefined)))
  );
}
