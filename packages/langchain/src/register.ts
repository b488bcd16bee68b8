import { CallbackManager } from "@langchain/core/callbacks/manager";
import { ConfigurationError } from "@payi/core";

import { PayiCallbackHandler } from "./handler.ts";
import { type PayiCallbackOptions } from "./options.ts";

/** Where LangChain puts the callbacks of every run together. */
const CONFIGURE = "_configureSync";
type Configure = (this: unknown, inheritable?: unknown, ...rest: unknown[]) => CallbackManager | undefined;

const REGISTERED = Symbol.for("payi.langchain.registered");

/**
 * Every run of this process has the handler from now on, without being told of it. A second call changes nothing. Runs
 * that are given a handler of their own are still counted once.
 *
 * @throws {ConfigurationError} where this version of `@langchain/core` has no place for it.
 */
export function registerPayiGlobally(options: PayiCallbackOptions = {}): void {
  // Not by LangChain's context variables: they hold for the asynchronous flow that sets them, and for no other.
  const configure = Reflect.get(CallbackManager, CONFIGURE) as Configure | undefined;
  if (typeof configure !== "function") {
    throw new ConfigurationError(
      "registerPayiGlobally",
      "registerPayiGlobally() does not fit this version of @langchain/core. Give new PayiCallbackHandler() in `callbacks`.",
    );
  }
  if (REGISTERED in configure) return;
  const handler = new PayiCallbackHandler(options);
  const configureWithPayi: Configure = function configureWithPayi(inheritable, ...rest) {
    // A list, even an empty one, makes a manager.
    const configured = configure.call(this, inheritable ?? [], ...rest);
    // A manager that was handed down may have it already.
    if (configured?.handlers.some(({ name }) => name === handler.name) === false) {
      configured.addHandler(handler, true);
    }
    return configured;
  };
  Object.defineProperty(configureWithPayi, REGISTERED, { value: true });
  Reflect.set(CallbackManager, CONFIGURE, configureWithPayi);
}
