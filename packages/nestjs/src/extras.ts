import { type MiddlewareConsumer } from "@nestjs/common";

type Routes = Parameters<ReturnType<MiddlewareConsumer["apply"]>["forRoutes"]>;
type Exclusions = Parameters<ReturnType<MiddlewareConsumer["apply"]>["exclude"]>;

/** What has to be known before anything is injected, so that it stands beside `useFactory`, not in its result. */
export interface PayiModuleExtras {
  /** Default true. */
  readonly isGlobal?: boolean | undefined;
  /**
   * The middleware opens the instance of HTTP requests, so that guards and filters see it. Default: on, for all routes. Other
   * routes than `forRoutes`, and those of `exclude`, are not tracked, unless they have `@UseInterceptors(PayiInterceptor)`
   * and the global interceptor is off.
   */
  readonly middleware?:
    | {
        readonly mount?: boolean | undefined;
        readonly forRoutes?: Routes | undefined;
        readonly exclude?: Exclusions | undefined;
      }
    | undefined;
  /** False: nothing is intercepted but what has `@UseInterceptors(PayiInterceptor)`. Default on, for all handlers. */
  readonly interceptor?: { readonly mount?: boolean | undefined } | undefined;
}

/** The token of {@link PayiModuleExtras}. */
export const PAYI_EXTRAS: unique symbol = Symbol.for("payi.nestjs.extras");

/** True where the application chose the routes, and the interceptor is there for all: it must not undo that choice. */
export function choosesRoutes({ middleware, interceptor }: PayiModuleExtras): boolean {
  if (middleware === undefined || middleware.mount === false || interceptor?.mount === false) return false;
  return middleware.forRoutes !== undefined || (middleware.exclude?.length ?? 0) > 0;
}
