/**
 * What every adapter promises, whatever its framework is. An adapter's tests import this file by its path and call
 * {@link adapterContract} with a driver: the framework itself, with the adapter in place.
 */
import { describe, expect, test } from "vitest";

import { currentScope, trackContext } from "../src/context.ts";
import { type Instance } from "../src/instance.ts";
import { uninstrument } from "../src/instrument/instrument.ts";
import { type Runtime } from "../src/runtime.ts";
import { walkLadder, walkLadderUnseen } from "./adapter-ladder.ts";
import {
  type ContractHouse,
  type ContractModel,
  anthropicModel,
  openContractHouse,
} from "./contract-house.ts";

/** How the adapter is put into its framework. */
export interface ContractSetup {
  /** The name that the adapter is told for everything it tracks. */
  readonly useCaseName: string;
  /**
   * `both`: as an application has it. `transport`: the framework without the adapter. `adapter`: `house.fetch` is one
   * that no transport sees. `nested`: the adapter twice around the same work.
   */
  readonly layers: "both" | "transport" | "adapter" | "nested";
  /** True: the function that resolves the user throws. */
  readonly failingResolver: boolean;
}

/** One request, operation or run of the framework. */
export interface ContractTask {
  /** Given to the adapter the way an application would: a header, call options, metadata. */
  readonly userId: string;
  /** What the application's code does inside. Its errors go where the framework takes errors of such code. */
  readonly work: (model: ContractModel) => Promise<void>;
  /** Aborted when the caller leaves before the end. */
  readonly signal: AbortSignal;
}

/** What the caller of the framework sees; `error` is the object that the framework's own error handling got. */
export type Handled =
  | { readonly ending: "answered" }
  | { readonly ending: "refused"; readonly limitIds: readonly string[] }
  | { readonly ending: "failed"; readonly error: unknown }
  | { readonly ending: "left" };

export interface RunningAdapter extends AsyncDisposable {
  /** Never rejects; resolves when the framework is through with the request. */
  handle(task: ContractTask): Promise<Handled>;
  /** Ends the framework as an application would, `close()` included. Default: `close()` alone. */
  shutDown?(): Promise<unknown>;
}

export interface AdapterDriver {
  /** True for adapters that report a call which no transport saw. */
  readonly reportsCalls: boolean;
  /** True when `work` runs inside the adapter's instance; false where only the model call does. */
  readonly enclosesWork: boolean;
  /** False where the framework does not tell the adapter that a caller left. Default true. */
  readonly noticesLeaving?: boolean;
  /** False only where the adapter has nothing that an application could let throw. Default true. */
  readonly hasResolvers?: boolean;
  start(house: ContractHouse, setup: ContractSetup): Promise<RunningAdapter> | RunningAdapter;
}

/** One adapter in its framework, and the house it is tested in. */
export interface Stage extends AsyncDisposable {
  readonly house: ContractHouse;
  readonly adapter: RunningAdapter;
  handle(userId: string, work: ContractTask["work"], signal?: AbortSignal): Promise<Handled>;
}

const USE_CASE = "contract_case";
/** The layers with which the transport sees the call. */
const SEEN_BY_TRANSPORT = ["both", "nested", "transport"] as const;
const UNITS = { text: { input: 25, output: 40 } };

const ask = (model: ContractModel): Promise<void> => model.ask("hello");
const itself = (model: ContractModel): ContractModel => model;

async function readStream(model: ContractModel): Promise<void> {
  const words = model.stream("hello");
  while ((await words.next()).done !== true) continue;
}

/** Runs the whole contract against one adapter. */
export function adapterContract(name: string, driver: AdapterDriver): void {
  const stage = (setup: Partial<ContractSetup> = {}): Promise<Stage> => setStage(driver, setup);
  describe(`${name} keeps the contract of adapters`, () => {
    test("its context reaches the call", async () => {
      await using on = await stage();
      expect(await on.handle("jane", ask)).toEqual({ ending: "answered" });
      expect(await on.house.events(1)).toMatchObject([
        { useCaseName: USE_CASE, userId: "jane", useCaseId: expect.any(String) as string, units: UNITS },
      ]);
    });

    test("a context inside inherits from it", async () => {
      await using on = await stage();
      const inner = { useCaseStep: "search", requestProperties: { inner: "yes" } };
      await on.handle("jane", (model) => trackContext(inner, () => model.ask("hello")));
      const [event] = await on.house.events(1);
      expect(event).toMatchObject({ useCaseName: USE_CASE, userId: "jane", useCaseStep: "search" });
      expect(event?.properties).toMatchObject({ inner: "yes" });
    });

    test("a hundred concurrent requests never mix", async () => {
      await using on = await stage();
      const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
      await Promise.all(
        users.map((user) =>
          on.handle(user, async (model) => {
            await model.ask(user);
            await new Promise((resolve) => setImmediate(resolve));
            await model.ask(user);
          }),
        ),
      );
      const events = await on.house.events(200);
      expect(events).toHaveLength(200);
      // The provider names its answers after the prompt, which names the user who asked.
      const mixed = events.filter(
        ({ userId, providerResponseId }) => providerResponseId?.includes(`${userId}-`) !== true,
      );
      expect(mixed).toEqual([]);
      const instances = new Map(events.map(({ useCaseId, userId }) => [useCaseId, userId]));
      expect(instances.size).toBe(driver.enclosesWork ? 100 : 200);
      expect(events.filter(({ useCaseId, userId }) => instances.get(useCaseId) !== userId)).toEqual([]);
    });

    test("a refusal becomes the framework's own, and nothing is sent to the provider", async () => {
      await using on = await stage();
      on.house.refuse("daily");
      expect(await on.handle("jane", ask)).toEqual({ ending: "refused", limitIds: ["daily"] });
      const events = await on.house.events(1);
      expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["refused"]);
      expect(on.house.provider.received).toEqual([]);
      expect((await on.house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    });

    test("a limit's ladder warns, switches the model, caps the answer, and refuses", async () => {
      await using on = await stage();
      await expect(walkLadder(on)).resolves.toBeUndefined();
    });

    test.runIf(driver.reportsCalls)(
      "where no transport can change a request, its event says which steps of a ladder were not taken",
      async () => {
        await using on = await stage({ layers: "adapter" });
        await expect(walkLadderUnseen(on)).resolves.toBeUndefined();
      },
    );

    test("a caller that leaves is counted once, as aborted", async () => {
      await using on = await stage();
      on.house.holdStreams();
      const caller = new AbortController();
      const handled = await on.handle(
        "jane",
        async (model) => {
          const words = model.stream("hello");
          await words.next();
          caller.abort();
          while ((await words.next()).done !== true) continue;
        },
        caller.signal,
      );
      expect(handled).toEqual({ ending: "left" });
      expect(outcomes(await on.house.events(1))).toEqual(["aborted"]);
      on.house.finish();
      expect(await on.house.events(1)).toHaveLength(1);
      const success = driver.noticesLeaving === false;
      expect((await on.house.scores("success", 1)).map(({ score }) => score)).toEqual([success]);
    });

    test("a stream that nobody reads on is counted once, even when it ends after all", async () => {
      await using on = await stage();
      on.house.holdStreams();
      let words: AsyncIterator<string> | undefined;
      await on.handle("jane", async (model) => {
        words = model.stream("hello");
        await words.next();
      });
      on.house.runtime.openCalls.sweep(performance.now() + 3_600_000);
      expect(await on.house.events(1)).toMatchObject([
        { useCaseName: USE_CASE, userId: "jane", properties: { "system.outcome": "abandoned" } },
      ]);
      on.house.finish();
      while ((await words?.next())?.done !== true) continue;
      expect(await on.house.events(1)).toHaveLength(1);
    });

    test("a failure fails its instance, and the error arrives unchanged", async () => {
      await using on = await stage();
      const error = new Error("the map is missing");
      const handled = await on.handle("jane", async (model) => {
        await model.ask("hello");
        throw error;
      });
      expect(handled.ending === "failed" && handled.error).toBe(error);
      expect(await on.house.events(1)).toHaveLength(1);
      if (!driver.enclosesWork) return;
      expect((await on.house.scores("success", 1)).map(({ score }) => score)).toEqual([false]);
    });

    test("success and latency are recorded once, and a KPI may come after the answer", async () => {
      await using on = await stage();
      let instance: Instance | undefined;
      await on.handle("jane", async (model) => {
        instance = currentScope()?.instance;
        await model.ask("hello");
      });
      const [event] = await on.house.events(1);
      const { useCaseId } = event ?? {};
      expect(await on.house.scores("success", 1)).toEqual([{ useCaseId, score: true }]);
      expect(await on.house.scores("latency_ms", 1)).toEqual([
        { useCaseId, score: expect.any(Number) as number },
      ]);
      if (!driver.enclosesWork) return;
      instance?.recordKpi("rating", 4);
      expect(await on.house.scores("rating", 1)).toEqual([{ useCaseId, score: 4 }]);
    });

    test("shutting down sends everything", async () => {
      await using on = await stage();
      await on.handle("jane", ask);
      await (on.adapter.shutDown?.() ?? on.house.close());
      expect(await on.house.events(1)).toHaveLength(1);
      expect(await on.house.scores("success", 1)).toHaveLength(1);
    });

    test.for(driver.hasResolvers === false ? [] : ["userId"])(
      "a %s resolver that throws leaves its value out and the request unharmed",
      async () => {
        await using on = await stage({ failingResolver: true });
        expect(await on.handle("jane", ask)).toEqual({ ending: "answered" });
        const [event] = await on.house.events(1);
        expect([event?.useCaseName, event?.userId]).toEqual([USE_CASE, undefined]);
      },
    );

    test.for(driver.reportsCalls ? [...SEEN_BY_TRANSPORT, "adapter" as const] : SEEN_BY_TRANSPORT)(
      "a call, whole or streamed, is counted once by these layers: %s",
      async (layers) => {
        // Adapters of models have matrices of their own over the providers that they wrap.
        const models: readonly ((given: ContractModel, house: ContractHouse) => ContractModel)[] =
          driver.reportsCalls ? [itself] : [itself, (_given, house) => anthropicModel(house)];
        for (const modelOf of models) {
          for (const use of [ask, readStream]) {
            // oxlint-disable-next-line no-await-in-loop
            await using on = await stage({ layers });
            // oxlint-disable-next-line no-await-in-loop
            await on.handle("jane", (model) => use(modelOf(model, on.house)));
            const told =
              layers === "transport"
                ? { useCaseName: "tests", userId: undefined }
                : { useCaseName: USE_CASE, userId: "jane" };
            // oxlint-disable-next-line no-await-in-loop
            const events = await on.house.events(1);
            expect(events).toMatchObject([{ ...told, units: UNITS }]);
            expect(events[0]?.timeToFirstTokenMs === undefined).toBe(use === ask);
            const instances = layers === "transport" ? 0 : 1;
            // oxlint-disable-next-line no-await-in-loop
            expect(await on.house.scores("success", instances)).toHaveLength(instances);
          }
        }
      },
    );

    test.for(Object.entries(FAULTS))("%s is invisible to the application", async ([, break_]) => {
      await using on = await stage();
      break_(on.house.runtime);
      expect(await on.handle("jane", ask)).toEqual({ ending: "answered" });
      expect(on.house.provider.received).toHaveLength(1);
    });

    test("without payiInstrument() it changes nothing", async () => {
      await using on = await stage();
      uninstrument();
      expect(await on.handle("jane", ask)).toEqual({ ending: "answered" });
      expect(on.house.provider.received).toHaveLength(1);
    });
  });
}

function outcomes(
  events: Awaited<ReturnType<ContractHouse["events"]>>,
): readonly (string | null | undefined)[] {
  return events.map(({ properties }) => properties?.["system.outcome"]);
}

function fault(): never {
  throw new Error("a fault inside telemetry");
}

/** What can break inside, as seen from the runtime that everything goes through. */
const FAULTS: Readonly<Record<string, (runtime: Runtime) => void>> = {
  "a queue that throws": ({ queue }) => void Object.assign(queue, { push: fault, pushScore: fault }),
  "a guard that throws": (runtime) => void Object.assign(runtime, { guard: { authorize: fault } }),
  "a guard that rejects": (runtime) =>
    void Object.assign(runtime, { guard: { authorize: () => Promise.reject(new Error("no guard")) } }),
  "a permit that cannot be settled": (runtime) =>
    void Object.assign(runtime, { guard: { authorize: () => ({ settle: fault }) } }),
  "a price book that throws": (runtime) => void Object.assign(runtime, { book: fault }),
  "a logger that throws": (runtime) => {
    Object.assign(runtime.config.logger, { warn: fault });
    Object.assign(runtime.queue, { push: fault, pushScore: fault });
  },
};

async function setStage(driver: AdapterDriver, given: Partial<ContractSetup>): Promise<Stage> {
  const setup: ContractSetup = { useCaseName: USE_CASE, layers: "both", failingResolver: false, ...given };
  const house = await openContractHouse(setup.layers !== "adapter");
  const adapter = await driver.start(house, setup);
  return {
    house,
    adapter,
    handle: (userId, work, signal = new AbortController().signal) => adapter.handle({ userId, work, signal }),
    async [Symbol.asyncDispose]() {
      house.finish();
      await adapter[Symbol.asyncDispose]();
      await house[Symbol.asyncDispose]();
    },
  };
}
