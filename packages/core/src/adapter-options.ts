/**
 * Options of adapters are checked where the application says them: a mistake shows at start, by name, value and rule, and
 * not in the middle of a request.
 */
import { ConfigurationError } from "./errors.ts";
import { AUTO_KPI_NAMES } from "./kpis.ts";
import {
  LONGEST_TIMER_MS,
  readFlag,
  readFunction,
  readPropertyBag,
  readScope,
  readString,
  readStrings,
  readWholeNumber,
  rejectUnknown,
  show,
} from "./option-readers.ts";

/** Looks at the value of one option. @throws {ConfigurationError} */
type OptionReader = (setting: string, value: unknown) => unknown;

/** By the names of the options, all of them. */
export type OptionReaders = Readonly<Record<string, OptionReader>>;

/** `adapter` is what the options were given to: `trackRequests`. @throws {ConfigurationError} */
export function checkOptions(adapter: string, given: unknown, readers: OptionReaders): void {
  rejectUnknown(`${adapter}.`, given, Object.keys(readers));
  const options = given as Readonly<Record<string, unknown>>;
  for (const [name, read] of Object.entries(readers)) read(`${adapter}.${name}`, options[name]);
}

/** A value that `read` takes, or a function that is asked for one. */
function orFunction(read: OptionReader): OptionReader {
  return (setting, value) => (typeof value === "function" ? value : read(setting, value));
}

/** Of a flag that may be left out. */
export function checkFlag(setting: string, value: unknown): void {
  readFlag(setting, value, false);
}

/** Milliseconds that a timer can wait. @throws {ConfigurationError} */
export function checkMilliseconds(setting: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "number" && value > 0 && value <= LONGEST_TIMER_MS) return;
  throw new ConfigurationError(
    setting,
    `${setting} must be a number above 0 and up to ${LONGEST_TIMER_MS} (milliseconds), got ${show(value)}.`,
  );
}

/** `"all"`, `false`, or an object of KPIs; `others` are KPIs of the adapter's own. */
export function kpiReader(others: readonly string[] = []): OptionReader {
  const known = [...AUTO_KPI_NAMES, ...others];
  return (setting, value) => {
    if (value === undefined || value === "all" || value === false) return;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new ConfigurationError(
        setting,
        `${setting} must be "all", false, or an object such as { success: true, latency_ms: "seconds" }, got ${show(value)}.`,
      );
    }
    rejectUnknown(`${setting}.`, value, known);
    for (const [name, choice] of Object.entries(value)) {
      if (
        choice === undefined ||
        typeof choice === "boolean" ||
        (typeof choice === "string" && choice !== "")
      )
        continue;
      throw new ConfigurationError(
        `${setting}.${name}`,
        `${setting}.${name} must be true, false or a name of yours, got ${show(choice)}.`,
      );
    }
  };
}

/** Whom an instance or a call is for. */
const WHOM: OptionReaders = {
  useCaseName: readString,
  useCaseId: readString,
  useCaseVersion: readWholeNumber,
  useCaseStep: readString,
  useCaseProperties: readPropertyBag,
  requestProperties: readPropertyBag,
  userId: readString,
  accountName: readString,
  limitIds: readStrings,
};

/** A context as values alone. */
export const CONTEXT_READERS: OptionReaders = {
  ...WHOM,
  priceAsCategory: readString,
  priceAsResource: readString,
  resourceScope: readScope,
  logPromptAndResponse: checkFlag,
  proxy: checkFlag,
};

/** What every adapter takes: values, or functions that are asked for them. */
export const TRACKING_READERS: OptionReaders = {
  ...Object.fromEntries(Object.entries(WHOM).map(([name, read]) => [name, orFunction(read)])),
  kpis: kpiReader(),
  skip: readFunction,
};

/** What adapters of web frameworks take besides. */
export const EXCHANGE_READERS: OptionReaders = {
  ...TRACKING_READERS,
  exposeHeaders: checkFlag,
  exposeCost: checkFlag,
  checkOnEntry: checkFlag,
};

/** How a refusal is answered. */
export const REFUSAL_READERS: OptionReaders = {
  blockStatus: orFunction(checkStatus),
  exposeAmounts: checkFlag,
};

function checkStatus(setting: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value === "number" && Number.isInteger(value) && value >= 400 && value <= 599) return;
  throw new ConfigurationError(
    setting,
    `${setting} must be a status from 400 to 599 (429, 402 and 424 are usual) or a function that answers one, got ${show(value)}.`,
  );
}
