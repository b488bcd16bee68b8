import { type ExecutionContext, SetMetadata } from "@nestjs/common";

/** Under which `@Track` leaves its options on a method. */
export const TRACKED: unique symbol = Symbol.for("payi.track");
/** The identity of this mark is the method's: it tells which request the method answers. */
export interface Tracked {
  readonly useCaseName: string | undefined;
}

const SKIPPED = Symbol.for("payi.skip");

/** Leaves a handler, or every handler of a controller, untracked: its calls belong to no request. */
export function SkipTracking(): ClassDecorator & MethodDecorator {
  return SetMetadata(SKIPPED, true);
}

/** True when handler or class carries {@link SkipTracking}. */
export function isUntracked(context: ExecutionContext): boolean {
  return isMarkedSkipped(context.getHandler()) || isMarkedSkipped(context.getClass());
}

export function isMarkedSkipped(target: object): boolean {
  return Reflect.getMetadata(SKIPPED, target) === true;
}

/** What a `@Track` left on the handler. */
export function trackedBy(context: ExecutionContext): Tracked | undefined {
  return Reflect.getMetadata(TRACKED, context.getHandler()) as Tracked | undefined;
}

/** Gives `copy` what decorators left on `original`: routes, guards and parameters hang on the function itself. */
export function copyMetadata(original: object, copy: object): void {
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), copy);
  }
}
