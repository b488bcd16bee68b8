import { changeAlertChannel, createAlertChannel, deleteAlertChannel } from "./alert-channels.ts";
import {
  claimDeliveries,
  endLease,
  recordDelivery,
  settleDeliveries,
  takeLease,
} from "./alert-deliveries.ts";
import { changeAlertRule, createAlertRule, deleteAlertRule } from "./alert-rules.ts";
import { raiseAlerts, retryAlert } from "./alerts.ts";
import { saveAnswer } from "./answers.ts";
import {
  archiveApplication,
  changeApplication,
  createApplication,
  renameOrganization,
} from "./applications.ts";
import { recordChange } from "./audit.ts";
import {
  changeLimit,
  changeLimitProperties,
  createLimit,
  deleteLimit,
  raiseLimit,
  resetLimit,
  topUpLimit,
} from "./audited-limits.ts";
import { changeReport, createReport, deleteReport } from "./audited-reports.ts";
import {
  activateValuePolicy,
  changeKpi,
  changeUseCase,
  createKpi,
  createUseCase,
  createValuePolicy,
  deleteInstance,
  deleteKpi,
  deleteUseCase,
} from "./audited-use-cases.ts";
import { recordClientReports } from "./client-reports.ts";
import { claimCopy, confirmCopy } from "./copy.ts";
import { changeEventProperties, removeSeeded } from "./corrections.ts";
import { createCustomResource, deleteCustomResources } from "./custom-resources.ts";
import { setDbuPrice } from "./dbu-prices.ts";
import { forgetUser } from "./forget-user.ts";
import { hold, releaseHold, renewHold, settleHold, sweepHolds } from "./holds.ts";
import { incrementScore } from "./increment-score.ts";
import { changeInstanceProperties, createInstance } from "./instances.ts";
import { createKey, ensureKey, revokeKey, rotateKey, touchKey } from "./keys.ts";
import { lease } from "./leases.ts";
import {
  acceptInvitation,
  changeMember,
  changePassword,
  inviteMember,
  offerSetUp,
  removeMember,
  renewInvitation,
  setUp,
} from "./members.ts";
import { type WriteOperations } from "./operation.ts";
import { beginCount, keepCount } from "./outcome-rows.ts";
import { activatePriceBook, addPriceBook } from "./price-books.ts";
import { mapResource } from "./pricing.ts";
import { rebuildDay } from "./rebuild.ts";
import { applyReprice, createRepriceJob } from "./reprice.ts";
import { dropMonths, retain } from "./retain.ts";
import { recordScores } from "./score-batch.ts";
import { recordScore } from "./scores.ts";
import { endSession, linkIdentity, startSession, touchSession } from "./sessions.ts";
import { ingestAndNotice } from "./unpriced-notice.ts";
import { upsertEvents } from "./upsert.ts";
import { voidEvent } from "./voids.ts";

const own = (subject: { readonly application: string }): readonly string[] => [subject.application];
const first = (application: string): readonly string[] => [application];
const none = (): readonly string[] => [];

/** The verbs that change something. */
export const WRITES: WriteOperations = {
  ingest: { program: ingestAndNotice, applications: (batch) => batch.map((event) => event.application) },
  upsertEvents: { program: upsertEvents, applications: (batch) => batch.map((event) => event.application) },
  voidEvent: { program: voidEvent, applications: ({ name }) => [name.application] },
  changeEventProperties: { program: changeEventProperties, applications: own },
  removeSeeded: { program: removeSeeded, applications: first },
  claimCopy: { program: claimCopy, applications: first },
  confirmCopy: { program: confirmCopy, applications: first },
  rebuildDay: { program: rebuildDay, applications: first },
  beginCount: { program: beginCount, applications: first },
  keepCount: { program: keepCount, applications: first },
  retain: { program: retain, applications: own },
  forgetUser: { program: forgetUser, applications: own },
  recordChange: {
    program: recordChange,
    applications: ({ application }) => (application === null ? [] : [application]),
  },
  dropMonths: {
    program: dropMonths,
    applications: (bounds) => bounds.map(({ application }) => application),
  },
  createLimit: { program: createLimit, applications: own },
  changeLimit: { program: changeLimit, applications: own },
  changeLimitProperties: { program: changeLimitProperties, applications: first },
  deleteLimit: { program: deleteLimit, applications: first },
  resetLimit: { program: resetLimit, applications: first },
  topUpLimit: { program: topUpLimit, applications: own },
  raiseLimit: { program: raiseLimit, applications: first },
  hold: { program: hold, applications: own },
  renewHold: { program: renewHold, applications: own },
  settleHold: { program: settleHold, applications: own },
  releaseHold: { program: releaseHold, applications: own },
  sweepHolds: { program: sweepHolds, applications: first },
  lease: { program: lease, applications: own },
  createUseCase: { program: createUseCase, applications: own },
  changeUseCase: { program: changeUseCase, applications: own },
  deleteUseCase: { program: deleteUseCase, applications: first },
  createKpi: { program: createKpi, applications: own },
  changeKpi: { program: changeKpi, applications: own },
  deleteKpi: { program: deleteKpi, applications: first },
  createInstance: { program: createInstance, applications: own },
  changeInstanceProperties: { program: changeInstanceProperties, applications: own },
  deleteInstance: { program: deleteInstance, applications: own },
  recordScore: { program: recordScore, applications: own },
  incrementScore: { program: incrementScore, applications: own },
  recordScores: { program: recordScores, applications: first },
  createValuePolicy: { program: createValuePolicy, applications: own },
  activateValuePolicy: { program: activateValuePolicy, applications: first },
  createReport: { program: createReport, applications: own },
  changeReport: { program: changeReport, applications: (_id, report) => [report.application] },
  deleteReport: { program: deleteReport, applications: first },
  ensureKey: { program: ensureKey, applications: none },
  createKey: { program: createKey, applications: none },
  revokeKey: { program: revokeKey, applications: none },
  rotateKey: { program: rotateKey, applications: none },
  touchKey: { program: touchKey, applications: none },
  saveAnswer: { program: saveAnswer, applications: first },
  renameOrganization: { program: renameOrganization, applications: none },
  createApplication: { program: createApplication, applications: none },
  changeApplication: { program: changeApplication, applications: none },
  offerSetUp: { program: offerSetUp, applications: none },
  setUp: { program: setUp, applications: none },
  inviteMember: { program: inviteMember, applications: none },
  renewInvitation: { program: renewInvitation, applications: none },
  acceptInvitation: { program: acceptInvitation, applications: none },
  changePassword: { program: changePassword, applications: none },
  changeMember: { program: changeMember, applications: none },
  removeMember: { program: removeMember, applications: none },
  linkIdentity: { program: linkIdentity, applications: none },
  startSession: { program: startSession, applications: none },
  touchSession: { program: touchSession, applications: none },
  endSession: { program: endSession, applications: none },
  archiveApplication: { program: archiveApplication, applications: none },
  createCustomResource: { program: createCustomResource, applications: none },
  deleteCustomResources: { program: deleteCustomResources, applications: none },
  setDbuPrice: { program: setDbuPrice, applications: none },
  mapResource: { program: mapResource, applications: none },
  addPriceBook: { program: addPriceBook, applications: none },
  activatePriceBook: { program: activatePriceBook, applications: none },
  createRepriceJob: { program: createRepriceJob, applications: own },
  createAlertChannel: { program: createAlertChannel, applications: own },
  changeAlertChannel: { program: changeAlertChannel, applications: (_id, channel) => own(channel) },
  deleteAlertChannel: { program: deleteAlertChannel, applications: first },
  createAlertRule: { program: createAlertRule, applications: own },
  changeAlertRule: { program: changeAlertRule, applications: (_id, rule) => own(rule) },
  deleteAlertRule: { program: deleteAlertRule, applications: first },
  raiseAlerts: { program: raiseAlerts, applications: first },
  retryAlert: { program: retryAlert, applications: first },
  takeLease: { program: takeLease, applications: none },
  endLease: { program: endLease, applications: none },
  claimDeliveries: { program: claimDeliveries, applications: none },
  recordDelivery: { program: recordDelivery, applications: (_id, channel) => own(channel) },
  settleDeliveries: { program: settleDeliveries, applications: none },
  recordClientReports: { program: recordClientReports, applications: first },
  applyReprice: { program: applyReprice, applications: own },
};
