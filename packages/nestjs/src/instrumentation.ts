import { type Instrumentation, createClient, payiInstrument } from "@payi/core";

import { type PayiModuleOptions } from "./options.ts";

/** The token of what `payiInstrument()` gave. */
export const PAYI_INSTRUMENTATION: unique symbol = Symbol.for("payi.nestjs.instrumentation");

/** The token of the platform's REST client. */
export const PAYI_CLIENT: unique symbol = Symbol.for("payi.nestjs.client");

/** The options with the client that they describe. @throws {ConfigurationError} */
export function withClient<Options extends PayiModuleOptions>(options: Options): Options {
  const { payi, apiKey, baseUrl } = options;
  if (payi !== undefined || (apiKey === undefined && baseUrl === undefined)) return options;
  return { ...options, payi: createClient({ apiKey, baseUrl }) };
}

/** Meters the process with the module's options, unless it is metered already. @throws {ConfigurationError} */
export function instrument(options: PayiModuleOptions): Instrumentation {
  const { payi, instruments, logPromptAndResponse, config, logger, redact, onResult, modules } =
    withClient(options);
  return payiInstrument({
    payi,
    instruments,
    logPromptAndResponse,
    config,
    logger,
    redact,
    onResult,
    modules,
  });
}
