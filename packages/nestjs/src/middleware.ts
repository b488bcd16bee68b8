import { type IncomingMessage, type ServerResponse } from "node:http";

import { Inject, Injectable, type NestMiddleware } from "@nestjs/common";

import { attempt, runDespite } from "./faults.ts";
import { isOpen, openHttpRequest } from "./open-request.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";

/**
 * Runs everything after it, guards and filters included, inside the request's instance, which has all that the options say
 * of every request. What only the handler tells is added by the interceptor, its name included.
 */
@Injectable()
export class PayiMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  readonly #options: PayiModuleOptions;

  constructor(@Inject(PAYI_OPTIONS) options: PayiModuleOptions) {
    this.#options = options;
  }

  use(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const opened = isOpen(request)
      ? undefined
      : attempt(() => openHttpRequest(this.#options, request, response));
    if (opened === undefined) next();
    else runDespite((work) => opened.instance.run(work), next);
  }
}
