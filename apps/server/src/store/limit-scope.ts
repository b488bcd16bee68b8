/** Which limits a call spends from, and whose budget: the same rules as in the SDK's guard. */
import { type LimitPer, type LimitSelector } from "@payi/core/wire";

import { mergeProperties } from "./sql/properties.ts";

/** What limits are matched with. */
export interface LimitedCall {
  readonly application: string;
  readonly category: string;
  readonly resource: string | null;
  readonly useCase: string | null;
  readonly user: string | null;
  readonly account: string | null;
  /** Of the request, over those of its instance. */
  readonly properties: Readonly<Record<string, string>>;
}

/** All given parts match, word for word; an empty selector matches every call. */
export function isSelected(selector: LimitSelector, call: LimitedCall): boolean {
  const { properties } = selector;
  return (
    (selector.useCaseName === undefined || selector.useCaseName === call.useCase) &&
    (selector.userId === undefined || selector.userId === call.user) &&
    (selector.accountName === undefined || selector.accountName === call.account) &&
    (selector.category === undefined || selector.category === call.category) &&
    (selector.resource === undefined || selector.resource === call.resource) &&
    (properties === undefined ||
      Object.entries(properties).every(([name, value]) => (propertyOf(name, call) ?? null) === value))
  );
}

/** Whose budget a call spends from; a call without the value spends from that of the empty one. */
export function budgetOwner(per: LimitPer | undefined, call: LimitedCall): string {
  switch (per) {
    case undefined:
      return "";
    case "user_id":
      return call.user ?? "";
    case "account_name":
      return call.account ?? "";
    case "use_case_name":
      return call.useCase ?? "";
    default:
      return propertyOf(per.slice("property:".length), call) ?? "";
  }
}

/** Properties of a request over those of its instance. */
export function callProperties(
  instance: Readonly<Record<string, string>>,
  request: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  return mergeProperties(instance, request);
}

function propertyOf(name: string, { properties }: LimitedCall): string | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
