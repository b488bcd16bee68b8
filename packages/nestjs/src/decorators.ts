import { type ExecutionContext, Inject, createParamDecorator } from "@nestjs/common";
import { type InstanceHandle } from "@payi/core";

import { PAYI_CLIENT } from "./instrumentation.ts";
import { findOpenRequest } from "./open-request.ts";

/**
 * Parameter of a handler: the {@link InstanceHandle} of its request or message, with `recordKpi`, `signal` and more.
 * Undefined where the request is not tracked.
 */
export const PayiInstance: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): InstanceHandle | undefined => findOpenRequest(context)?.handle,
);

/** Parameter of a handler: the id of its instance. Undefined where the request is not tracked. */
export const UseCaseId: () => ParameterDecorator = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | undefined => findOpenRequest(context)?.instance.id,
);

/** Injects the platform's REST client, a `PayiClient` of `@payi/core`. */
export function InjectPayi(): ParameterDecorator & PropertyDecorator {
  return Inject(PAYI_CLIENT);
}
