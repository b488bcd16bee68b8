import { type IncomingMessage, type ServerResponse } from "node:http";

import { Inject, Injectable, type NestMiddleware } from "@nestjs/common";

import { isOpen, openHttpRequest } from "./open-request.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";

/**
 * Runs everything after it, guards and filters included, inside the request's instance. The interceptor names it once the
 * handler is known.
 */
@Injectable()
export class PayiMiddleware implements NestMiddleware<IncomingMessage, ServerResponse> {
  readonly #options: PayiModuleOptions;

  constructor(@Inject(PAYI_OPTIONS) options: PayiModuleOptions) {
    this.#options = options;
  }

  use(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    if (isOpen(request)) next();
    else openHttpRequest(this.#options, request, response).instance.run(next);
  }
}
