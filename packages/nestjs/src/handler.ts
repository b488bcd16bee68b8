/** What the context of an execution tells of its handler. */
import { type ExecutionContext } from "@nestjs/common";

import { trackedBy } from "./metadata.ts";

const ENTERED: unique symbol = Symbol("payi.entered");

/** True from the second time on: global and bound to a class at once, an interceptor runs twice. */
export function hasEntered(context: ExecutionContext & { [ENTERED]?: true }): boolean {
  if (context[ENTERED] === true) return true;
  context[ENTERED] = true;
  return false;
}

/** The use case of a handler: by its `@Track`, else as the options say, else `Class.method`. */
export function nameOf(context: ExecutionContext, told: string | undefined): string {
  const ownName = `${context.getClass().name}.${context.getHandler().name}`;
  return trackedBy(context)?.useCaseName ?? told ?? ownName;
}

/** True for the resolver of a GraphQL field below Query, Mutation and Subscription. */
export function isField(context: ExecutionContext): boolean {
  if (context.getType<string>() !== "graphql") return false;
  const info = context.getArgByIndex<{ readonly path?: { readonly prev?: unknown } } | undefined>(3);
  return info?.path?.prev !== undefined;
}
