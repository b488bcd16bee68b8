import { ConfigurationError, type Instrumentation, createClient, payiInstrument } from "@payi/core";
import {
  EXCHANGE_READERS,
  type OptionReaders,
  REFUSAL_READERS,
  checkFlag,
  checkMilliseconds,
  checkOptions,
  readString,
  show,
} from "@payi/core/call";

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

/** The options as they were given, perhaps by a factory that forgot to return them. @throws {ConfigurationError} */
export function readOptions(given: unknown): PayiModuleOptions {
  if (typeof given === "object" && given !== null && !Array.isArray(given)) {
    checkOptions("PayiModule", given, READERS);
    return given;
  }
  const type = given === null || Array.isArray(given) ? JSON.stringify(given) : typeof given;
  throw new ConfigurationError(
    "options",
    `The options of PayiModule must be an object, got ${type}. Return one from the useFactory of forRootAsync, or from createPayiOptions of its useClass or useExisting; forRoot takes one, or nothing.`,
  );
}

/** Of {@link PayiModuleOptions}, and of what stands beside them in `forRoot`. */
const READERS: OptionReaders = {
  ...EXCHANGE_READERS,
  ...REFUSAL_READERS,
  apiKey: checkSecret,
  baseUrl: readString,
  errorMapping: checkFlag,
  shutdownTimeoutMs: (setting, value) => (value === 0 ? undefined : checkMilliseconds(setting, value)),
  isGlobal: checkFlag,
  middleware: checkMounting,
  interceptor: checkMounting,
  // `payiInstrument` reads these.
  payi: readByCore,
  instruments: readByCore,
  logPromptAndResponse: readByCore,
  config: readByCore,
  logger: readByCore,
  redact: readByCore,
  onResult: readByCore,
  modules: readByCore,
};

/** Whatever it is, it may be a secret: a message tells its kind alone. */
function checkSecret(setting: string, value: unknown): void {
  if (value === undefined || typeof value === "string") return;
  throw new ConfigurationError(
    setting,
    `${setting} must be a string, got ${value === null ? "null" : `a value of type ${typeof value}`}.`,
  );
}

function readByCore(): void {
  // Nothing to say of it here.
}

function checkMounting(setting: string, value: unknown): void {
  if (value === undefined) return;
  const routes = setting.endsWith("middleware") ? { forRoutes: checkRoutes, exclude: checkRoutes } : {};
  checkOptions(setting, value, { mount: checkFlag, ...routes });
}

function checkRoutes(setting: string, value: unknown): void {
  if (value === undefined || Array.isArray(value)) return;
  throw new ConfigurationError(setting, `${setting} must be a list of routes, got ${show(value)}.`);
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
