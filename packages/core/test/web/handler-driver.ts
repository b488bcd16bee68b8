/** The contract of adapters, for whatever wraps a `Request → Response` handler. */
import {
  type AdapterDriver,
  type ContractSetup,
  type ContractTask,
  type Handled,
} from "../adapter-contract.ts";
import { sdkModel } from "../contract-house.ts";

export type Handler = (request: Request) => Promise<Response>;

/** `wrap` puts the adapter around a handler; the user is in the header `x-user`. */
export function handlerDriver(wrap: (handler: Handler, setup: ContractSetup) => Handler): AdapterDriver {
  return {
    reportsCalls: false,
    enclosesWork: true,
    start(house, setup) {
      const tasks = new WeakMap<Request, ContractTask>();
      const inner: Handler = async (request) => {
        await tasks.get(request)?.work(sdkModel(house, request.signal));
        return new Response("done");
      };
      const once = setup.layers === "transport" ? inner : wrap(inner, setup);
      const handler = setup.layers === "nested" ? wrap(once, setup) : once;
      return {
        async handle(task): Promise<Handled> {
          const headers = { "x-user": task.userId };
          const request = new Request("http://app.test/work", { headers, signal: task.signal });
          tasks.set(request, task);
          try {
            const response = await handler(request);
            const text = await response.text();
            if (task.signal.aborted) return { ending: "left" };
            if (response.ok) return { ending: "answered" };
            const { limitIds } = JSON.parse(text) as { limitIds: string[] };
            return { ending: "refused", limitIds };
          } catch (error) {
            return task.signal.aborted ? { ending: "left" } : { ending: "failed", error };
          }
        },
        async [Symbol.asyncDispose]() {
          // A handler holds nothing.
        },
      };
    },
  };
}

/** The user of a request, unless the resolver is to fail. */
export function userOf(request: Request, { failingResolver }: ContractSetup): string | undefined {
  if (failingResolver) throw new Error("no session");
  return request.headers.get("x-user") ?? undefined;
}
