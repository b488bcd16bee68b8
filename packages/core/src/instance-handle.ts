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

/** The handle of one instance; its methods may be taken off it. */
export function createInstanceHandle(instance: Instance, signal: AbortSignal): InstanceHandle {
  return {
    get id() {
      return instance.id;
    },
    get name() {
      return instance.name;
    },
    setName: (name) => instance.setName(name),
    setUser: (userId, accountName) => instance.setUser(userId, accountName),
    setVersion: (version) => instance.setVersion(version),
    addProperties: (properties) => instance.addProperties(properties),
    recordKpi: (name, score) => instance.recordKpi(name, score),
    fail: (reason, description) => instance.fail(reason, description),
    signal,
  };
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
