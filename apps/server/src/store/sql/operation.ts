import { type Store } from "../store.ts";
import { type Program } from "./program.ts";

/** The verbs that run in a worker. */
export type Verb = Exclude<keyof Store, "ready" | "onChange" | "close">;

/** The verbs that change something, and so belong to the one writer. */
export type WriteVerb =
  | "ingest"
  | "upsertEvents"
  | "voidEvent"
  | "changeEventProperties"
  | "removeSeeded"
  | "forgetUser"
  | "recordChange"
  | "claimCopy"
  | "confirmCopy"
  | "rebuildDay"
  | "beginCount"
  | "keepCount"
  | "retain"
  | "dropMonths"
  | "setDbuPrice"
  | "createLimit"
  | "changeLimit"
  | "changeLimitProperties"
  | "deleteLimit"
  | "resetLimit"
  | "topUpLimit"
  | "raiseLimit"
  | "hold"
  | "renewHold"
  | "settleHold"
  | "releaseHold"
  | "sweepHolds"
  | "lease"
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
  | "incrementScore"
  | "recordScores"
  | "createValuePolicy"
  | "activateValuePolicy"
  | "createReport"
  | "changeReport"
  | "deleteReport"
  | "ensureKey"
  | "createKey"
  | "revokeKey"
  | "rotateKey"
  | "touchKey"
  | "saveAnswer"
  | "renameOrganization"
  | "createApplication"
  | "changeApplication"
  | "archiveApplication"
  | "offerSetUp"
  | "setUp"
  | "inviteMember"
  | "renewInvitation"
  | "acceptInvitation"
  | "changePassword"
  | "changeMember"
  | "removeMember"
  | "linkIdentity"
  | "startSession"
  | "touchSession"
  | "endSession"
  | "createCustomResource"
  | "deleteCustomResources"
  | "mapResource"
  | "addPriceBook"
  | "activatePriceBook"
  | "createRepriceJob"
  | "createAlertChannel"
  | "changeAlertChannel"
  | "deleteAlertChannel"
  | "createAlertRule"
  | "changeAlertRule"
  | "deleteAlertRule"
  | "raiseAlerts"
  | "retryAlert"
  | "takeLease"
  | "endLease"
  | "claimDeliveries"
  | "recordDelivery"
  | "settleDeliveries"
  | "recordClientReports"
  | "applyReprice";

/** All others; any reader can answer them. */
export type ReadVerb = Exclude<Verb, WriteVerb>;

/** What a read verb does. */
export type ReadOperations = {
  readonly [Name in ReadVerb]: (
    ...values: Parameters<Store[Name]>
  ) => Program<Awaited<ReturnType<Store[Name]>>>;
};

/** What a write verb does, and to whose data: one writer at a time works on an application. */
export type WriteOperations = {
  readonly [Name in WriteVerb]: {
    readonly program: (...values: Parameters<Store[Name]>) => Program<Awaited<ReturnType<Store[Name]>>>;
    /** Empty for what belongs to no application, such as prices. */
    readonly applications: (...values: Parameters<Store[Name]>) => readonly string[];
  };
};
