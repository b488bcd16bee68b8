import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleCls,
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  type Provider,
} from "@nestjs/common";
import { APP_INTERCEPTOR } from "@nestjs/core";
import { type Instrumentation } from "@payi/core";

import { PAYI_CLIENT, PAYI_INSTRUMENTATION, instrument, withClient } from "./instrumentation.ts";
import { PayiInterceptor } from "./interceptor.ts";
import { LimitFilter } from "./limit-filter.ts";
import { PayiMiddleware } from "./middleware.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";
import { PayiService } from "./service.ts";
import { PayiShutdown } from "./shutdown.ts";

type Routes = Parameters<ReturnType<MiddlewareConsumer["apply"]>["forRoutes"]>;
type Exclusions = Parameters<ReturnType<MiddlewareConsumer["apply"]>["exclude"]>;

/** What has to be known before anything is injected, so that it stands beside `useFactory`, not in its result. */
export interface PayiModuleExtras {
  /** Default true. */
  readonly isGlobal?: boolean | undefined;
  /** The middleware opens the instance of HTTP requests, so that guards and filters see it. Default: on, for all routes. */
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

const PAYI_EXTRAS = Symbol.for("payi.nestjs.extras");

const providers: Provider[] = [
  {
    provide: PAYI_INSTRUMENTATION,
    inject: [PAYI_OPTIONS],
    useFactory: (options: PayiModuleOptions) => instrument(options),
  },
  {
    provide: PAYI_CLIENT,
    inject: [PAYI_INSTRUMENTATION],
    useFactory: ({ client }: Instrumentation) => client,
  },
  PayiService,
  PayiShutdown,
  PayiInterceptor,
  LimitFilter,
];

const Configurable: ConfigurableModuleCls<
  PayiModuleOptions,
  "forRoot",
  "createPayiOptions",
  PayiModuleExtras
> = new ConfigurableModuleBuilder<PayiModuleOptions>({ optionsInjectionToken: PAYI_OPTIONS })
  .setClassMethodName("forRoot")
  .setFactoryMethodName("createPayiOptions")
  .setExtras<PayiModuleExtras>({}, (definition, extras) => ({
    ...definition,
    global: extras.isGlobal ?? true,
    providers: [
      ...(definition.providers ?? []),
      ...providers,
      { provide: PAYI_EXTRAS, useValue: extras },
      ...(extras.interceptor?.mount === false
        ? []
        : [{ provide: APP_INTERCEPTOR, useExisting: PayiInterceptor }]),
    ],
    exports: [PAYI_OPTIONS, PAYI_CLIENT, PayiService, PayiInterceptor, LimitFilter],
  }))
  .build().ConfigurableModuleClass;

/**
 * Meters the application: every HTTP request, message and GraphQL operation becomes a use-case instance.
 *
 * @example
 * \@Module({ imports: [PayiModule.forRoot({ accountName: "acme" })] })
 * class AppModule {}
 */
@Module({})
export class PayiModule extends Configurable implements NestModule {
  readonly #extras: PayiModuleExtras;

  constructor(@Inject(PAYI_EXTRAS) extras: PayiModuleExtras) {
    super();
    this.#extras = extras;
  }

  /** With options that are known at start. Provider clients made by injection are all metered. */
  static override forRoot(options: PayiModuleOptions & PayiModuleExtras = {}): DynamicModule {
    let complete = options;
    try {
      // Now, since modules are instantiated in no promised order, and a provider client keeps the fetch it was made with.
      complete = withClient(options);
      instrument(complete);
    } catch {
      // Told by the injection, which asks again: an import must not fail, and a test may bring its own.
    }
    return super.forRoot(complete);
  }

  configure(consumer: MiddlewareConsumer): void {
    const { mount = true, forRoutes = ["*"], exclude = [] } = this.#extras.middleware ?? {};
    if (mount) {
      consumer
        .apply(PayiMiddleware)
        .exclude(...exclude)
        .forRoutes(...forRoutes);
    }
  }
}
