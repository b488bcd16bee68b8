import { type ArgumentsHost, Catch, Inject } from "@nestjs/common";
import { BaseExceptionFilter, HttpAdapterHost } from "@nestjs/core";

import { attempt } from "./faults.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";
import { findRefusal, toHttpException } from "./refusal.ts";

/**
 * Answers the refusals that no interceptor sees: those of HTTP guards, pipes and middleware. Everything else goes on to
 * Nest's own filter. Opt in with `app.useGlobalFilters(app.get(LimitFilter))`, before filters of your own.
 */
@Catch()
export class LimitFilter extends BaseExceptionFilter {
  readonly #options: PayiModuleOptions;
  readonly #adapterHost: HttpAdapterHost;

  constructor(
    @Inject(PAYI_OPTIONS) options: PayiModuleOptions,
    @Inject(HttpAdapterHost) adapterHost: HttpAdapterHost,
  ) {
    super();
    this.#options = options;
    this.#adapterHost = adapterHost;
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    const refusal = host.getType() === "http" ? findRefusal(exception) : undefined;
    const answer =
      refusal === undefined
        ? exception
        : (attempt(() => toHttpException(refusal, this.#options, host, this.#adapterHost, exception)) ??
          exception);
    // oxlint-disable-next-line promise/valid-params
    super.catch(answer, host);
  }
}
