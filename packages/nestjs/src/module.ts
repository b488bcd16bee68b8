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
import { APP_INTERCEPTOR, HttpAdapterHost } from "@nestjs/core";
import { type Instrumentation } from "@payi/core";

import { PAYI_EXTRAS, type PayiModuleExtras } from "./extras.ts";
import { PAYI_CLIENT, PAYI_INSTRUMENTATION, instrument, readOptions, withClient } from "./instrumentation.ts";
import { PayiInterceptor } from "./interceptor.ts";
import { LimitFilter } from "./limit-filter.ts";
import { PayiMiddleware } from "./middleware.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";
import { PayiService } from "./service.ts";
import { PayiShutdown } from "./shutdown.ts";

const providers: Provider[] = [
  {
    provide: PAYI_INSTRUMENTATION,
    inject: [PAYI_OPTIONS],
    useFactory: (options: unknown) => instrument(readOptions(options)),
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
    exports: [PAYI_OPTIONS, PAYI_EXTRAS, PAYI_CLIENT, PayiService, PayiInterceptor, LimitFilter],
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
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Inject(PAYI_EXTRAS) extras: PayiModuleExtras,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    super();
    this.#extras = extras;
    this.#adapterHost = adapterHost;
  }

  /** With options that are known at start. Provider clients made by injection are all metered. */
  static override forRoot(options: PayiModuleOptions & PayiModuleExtras = {}): DynamicModule {
    let complete = readOptions(options) as typeof options;
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
    const everything = allRoutes(this.#adapterHost);
    const { mount = true, forRoutes = [everything], exclude = [] } = this.#extras.middleware ?? {};
    if (mount) {
      consumer
        .apply(PayiMiddleware)
        .exclude(...exclude)
        .forRoutes(...forRoutes);
    }
  }
}

/** Since Nest 11 `*` is converted, with a warning wherever there is a global prefix; Nest 10 knows nothing else. */
function allRoutes({ httpAdapter }: HttpAdapterHost): string {
  return typeof Reflect.get(httpAdapter ?? {}, "normalizePath") === "function" ? "/{*path}" : "*";
}
