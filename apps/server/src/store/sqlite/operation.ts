import { type Store } from "../store.ts";
import { type Connection } from "./connection.ts";

/** The verbs that run in a worker. */
export type Verb = Exclude<keyof Store, "ready" | "onChange" | "close">;

/** The verbs that change something, and so belong to the one writer. */
export type WriteVerb =
  | "ingest"
  | "changeEventProperties"
  | "removeSeeded"
  | "createLimit"
  | "changeLimit"
  | "changeLimitProperties"
  | "deleteLimit"
  | "resetLimit"
  | "createUseCase"
  | "changeUseCase"
  | "deleteUseCase"
  | "createKpi"
  | "changeKpi"
  | "deleteKpi"
  | "createInstance"
  | "changeInstanceProperties"
  | "deleteInstance"
  | "recordScore"
  | "ensureKey"
  | "createKey"
  | "revokeKey"
  | "touchKey"
  | "saveAnswer"
  | "createCustomResource"
  | "deleteCustomResources"
  | "mapResource"
  | "addPriceBook"
  | "activatePriceBook"
  | "createRepriceJob"
  | "applyReprice";

/** All others; any reader can answer them. */
export type ReadVerb = Exclude<Verb, WriteVerb>;

/** Verbs as they run in their worker: synchronously, on the worker's own connection. */
export type Operations<Names extends Verb> = {
  readonly [Name in Names]: (
    connection: Connection,
    ...values: Parameters<Store[Name]>
  ) => Awaited<ReturnType<Store[Name]>>;
};
