/** The context values among the options: checked once, at start. */
import { type PayiContext } from "./context.ts";
import { ConfigurationError } from "./errors.ts";
import {
  readPropertyBag,
  readScope,
  readString,
  readStrings,
  readWholeNumber,
  show,
} from "./option-readers.ts";
import { toUseCaseName } from "./wire/use-cases.ts";

/** Every option of {@link PayiContext}. */
export const CONTEXT_KEYS: readonly (keyof PayiContext)[] = [
  "useCaseName",
  "useCaseId",
  "useCaseVersion",
  "useCaseStep",
  "useCaseProperties",
  "requestProperties",
  "limitIds",
  "userId",
  "accountName",
  "priceAsCategory",
  "priceAsResource",
  "resourceScope",
  "logPromptAndResponse",
  "proxy",
];

/** What was given, in a copy. @throws {ConfigurationError} naming option, value and rule. */
export function readContextDefaults(given: PayiContext): PayiContext {
  const text = (name: keyof PayiContext): string | undefined => readString(`config.${name}`, given[name]);
  return {
    useCaseName: readUseCaseName(given.useCaseName),
    useCaseId: text("useCaseId"),
    useCaseVersion: readWholeNumber("config.useCaseVersion", given.useCaseVersion),
    useCaseStep: text("useCaseStep"),
    useCaseProperties: readPropertyBag("config.useCaseProperties", given.useCaseProperties),
    requestProperties: readPropertyBag("config.requestProperties", given.requestProperties),
    limitIds: readStrings("config.limitIds", given.limitIds),
    userId: text("userId"),
    accountName: text("accountName"),
    priceAsCategory: text("priceAsCategory"),
    priceAsResource: text("priceAsResource"),
    resourceScope: readScope("config.resourceScope", given.resourceScope),
  };
}

function readUseCaseName(given: unknown): string | undefined {
  const name = readString("config.useCaseName", given);
  if (name === undefined || name === "" || toUseCaseName(name) === name) return name;
  throw new ConfigurationError(
    "config.useCaseName",
    `config.useCaseName is ${show(name)}: 1 to 64 letters, digits, ".", "_" and "-", not starting or ending with "_".`,
  );
}

/** The use case of a process that names none: its entry file, in lower case and without an ending. */
export function entryFileName(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const name = path
    .slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
    .replace(/\.[cm]?[jt]sx?$/, "");
  return toUseCaseName(name.toLowerCase());
}
