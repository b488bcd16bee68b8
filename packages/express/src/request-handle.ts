import { type Instance } from "@payi/core";

/** `request.payi`: what a route can say about its own instance. */
export interface PayiRequestHandle extends Pick<
  Instance,
  "id" | "name" | "setName" | "setUser" | "setVersion" | "addProperties" | "recordKpi" | "fail"
> {
  /** Aborted when the client leaves before the answer is complete: pass it to the model call, and cost stops too. */
  readonly signal: AbortSignal;
}

declare global {
  // Express's own way of extending its request: declaration merging with this namespace.
  // oxlint-disable-next-line typescript/no-namespace
  namespace Express {
    interface Request {
      payi?: PayiRequestHandle;
    }
  }
}

/** The handle of one instance; `signal` is the request's. */
export function createHandle(instance: Instance, signal: AbortSignal): PayiRequestHandle {
  return {
    id: instance.id,
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
