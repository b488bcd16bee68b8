/** For layers around the transport, such as the adapters of frameworks. */
export { currentInstance, isInUseCase } from "./context.ts";
export { HeardCall, hearCall } from "./heard-call.ts";
export { noteFault } from "./layer-fault.ts";
export * from "./call-scope.ts";
