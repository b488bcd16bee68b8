import { alertChannel, alertChannels } from "./alert-channels.ts";
import { nextDeliveryMs } from "./alert-deliveries.ts";
import { alertRule, alertRules, allAlertRules } from "./alert-rules.ts";
import { alertHistory, alertRecords, isRaised, storedAlert } from "./alerts.ts";
import { status } from "./analytics.ts";
import { answer } from "./answers.ts";
import { application, applications, organization } from "./applications.ts";
import { audit } from "./audit.ts";
import { breakdown } from "./breakdown.ts";
import { clientLosses } from "./client-reports.ts";
import { copyState } from "./copy.ts";
import { eventText } from "./event-text.ts";
import { event, events, instanceEvents } from "./events.ts";
import { guard } from "./guard.ts";
import { expiredHolds } from "./holds.ts";
import { instance, instances } from "./instances.ts";
import { findKey, keys } from "./keys.ts";
import { kpiSummary } from "./kpi-summary.ts";
import { kpis } from "./kpis.ts";
import { ladderSavings } from "./ladder-savings.ts";
import { limitHours } from "./limit-hours.ts";
import { limitVersion } from "./limit-version.ts";
import { limitHistory, limitWindows } from "./limit-windows.ts";
import { limit, limits } from "./limits.ts";
import { hasMembers, member } from "./member-rows.ts";
import { members } from "./members.ts";
import { type ReadOperations } from "./operation.ts";
import { uncountedDays } from "./outcome-days.ts";
import { countOutcomes } from "./outcomes.ts";
import { priceBook, priceBooks, priceLayers } from "./price-books.ts";
import { pricing } from "./pricing.ts";
import { report, reports } from "./reports.ts";
import { repriceJob, repriceJobs, unfinishedRepriceJobs } from "./reprice.ts";
import { scores } from "./scores.ts";
import { series } from "./series.ts";
import { credentials, findSession, identified } from "./sessions.ts";
import { simulateLimit } from "./simulate-limit.ts";
import { lastSeq, stream, streamStart } from "./stream.ts";
import { costRevisions, unpricedTotals, unpricedUsage } from "./unpriced.ts";
import { useCase, useCases } from "./use-cases.ts";
import { activeValuePolicies, valuePolicies, valuePolicy } from "./value-policies.ts";
import { verify } from "./verify.ts";
import { voidRecord } from "./voids.ts";
import { isBegun } from "./write-once.ts";

/** The verbs that change nothing. */
export const READS: ReadOperations = {
  event,
  eventText,
  voidRecord,
  events,
  instanceEvents,
  stream,
  streamStart,
  lastSeq,
  copyState,
  limit,
  limits,
  limitWindows,
  limitHistory,
  simulateLimit,
  ladderSavings,
  guard,
  limitVersion,
  expiredHolds,
  useCase,
  useCases,
  kpis,
  scores,
  valuePolicy,
  valuePolicies,
  activeValuePolicies,
  report,
  reports,
  instance,
  instances,
  breakdown,
  series,
  kpiSummary,
  uncountedDays,
  countOutcomes,
  status,
  keys,
  findKey,
  answer,
  isBegun,
  organization,
  applications,
  application,
  audit,
  members,
  member,
  hasMembers,
  credentials,
  identified,
  findSession,
  pricing,
  priceBook,
  priceBooks,
  priceLayers,
  repriceJob,
  repriceJobs,
  unfinishedRepriceJobs,
  unpricedUsage,
  unpricedTotals,
  costRevisions,
  alertChannel,
  alertChannels,
  alertRule,
  alertRules,
  allAlertRules,
  alertRecords,
  alertHistory,
  storedAlert,
  isRaised,
  limitHours,
  clientLosses,
  nextDeliveryMs,
  verify,
};
