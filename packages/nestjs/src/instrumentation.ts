import { type Instrumentation, createClient, payiInstrument } from "@payi/core";

import { type PayiModuleOptions } from "./options.ts";

/** The token of what `payiInstrument()` gave. */
export const PAYI_INSTRUMENTATION: unique symbol = Symbol.for("payi.nestjs.instrumentation");

/** The token of the platform's REST client. */
export const PAYI_CLIENT: unique symbol = Symbol.for("payi.nestjs.client");

/** Meters the process with the module's options, unless it is metered already. @throws {ConfigurationError} */
export function instrument(options: PayiModuleOptions): Instrumentation {
  const { apiKey, baseUrl, instruments, logPromptAndResponse, config, logger, redact, onResult, modules } =
    options;
  const given = apiKey === undefined && baseUrl === undefined ? undefined : createClient({ apiKey, baseUrl });
  return payiInstrument({
    payi: options.payi ?? given,
    instruments,
    logPromptAndResponse,
    config,
    logger,
    redact,
    onResult,
    modules,
  });
}
