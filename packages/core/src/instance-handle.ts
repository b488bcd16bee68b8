import { type PayiContext, trackContext } from "./context.ts";
import { type Instance } from "./instance.ts";

/** What the code of a request can say about its own instance. */
export interface InstanceHandle extends Pick<
  Instance,
  "id" | "name" | "setName" | "setUser" | "setVersion" | "addProperties" | "recordKpi" | "fail"
> {
  /** Aborted when the caller leaves before the answer is complete: pass it to the model call, and cost stops too. */
  readonly signal: AbortSignal;
}

/** The handle of one instance; its methods may be taken off it. `abort` has its signal. */
export function createInstanceHandle(
  instance: Instance,
  abort: { readonly signal: AbortSignal },
): InstanceHandle {
  return new Handle(instance, abort);
}

/** Every request has one and few use it: a method is bound when it is asked for. */
class Handle implements InstanceHandle {
  readonly #instance: Instance;
  readonly #abort: { readonly signal: AbortSignal };

  constructor(instance: Instance, abort: { readonly signal: AbortSignal }) {
    this.#instance = instance;
    this.#abort = abort;
  }

  get id(): string {
    return this.#instance.id;
  }

  get name(): string {
    return this.#instance.name;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get setName(): InstanceHandle["setName"] {
    return (name) => this.#instance.setName(name);
  }

  get setUser(): InstanceHandle["setUser"] {
    return (userId, accountName) => this.#instance.setUser(userId, accountName);
  }

  get setVersion(): InstanceHandle["setVersion"] {
    return (version) => this.#instance.setVersion(version);
  }

  get addProperties(): InstanceHandle["addProperties"] {
    return (properties) => this.#instance.addProperties(properties);
  }

  get recordKpi(): InstanceHandle["recordKpi"] {
    return (name, score) => this.#instance.recordKpi(name, score);
  }

  get fail(): InstanceHandle["fail"] {
    return (reason, description) => this.#instance.fail(reason, description);
  }
}

/**
 * Runs `run` with what was learned since `instance`, the running one, was opened: name, version, user and properties are
 * the instance's from now on, the rest holds inside `run`.
 */
export function runTracked<T>(instance: Instance, learned: PayiContext, run: () => T): T {
  instance.adopt(learned);
  const inside = { ...learned, useCaseName: undefined, useCaseId: undefined, useCaseProperties: undefined };
  return trackContext(inside, run);
}
