import { WireError, show } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

import { type Alerts } from "../domain/alerts/alerts.ts";
import { readRule } from "../domain/alerts/rules.ts";
import { nonBlank } from "../http/analytics-query.ts";
import {
  ALERT_QUERY,
  AlertAnswer,
  AlertPage,
  RuleAnswer,
  RuleInput,
  RulePage,
  RuleUpdate,
} from "../http/api/alert-shapes.ts";
import { Answer, PAGE_QUERY } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeAlert, encodeRule } from "../http/encode-alert.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type StoredAlertRule } from "../store/alert.ts";
import { type Store } from "../store/store.ts";
import { registerAlertChannels } from "./alert-channels.ts";

interface One {
  Params: { id: string };
}

const OURS = { access: "dashboard", tag: "Alerts", ours: true } as const;
const STATES = ["pending", "delivered", "dead"];

/** Rules, channels and what was told. */
export function registerAlerts(app: FastifyInstance, store: Store, alerts: Alerts): void {
  registerAlertChannels(app, store, alerts);

  app.get<{ Querystring: Query }>(
    "/alerts/rules",
    operation({ ...OURS, summary: "List alert rules", query: PAGE_QUERY, answers: { 200: RulePage } }),
    async (request) => {
      const page = await store.alertRules(accessOf(request).application, readPage(request.query, true));
      return encodePage(request.id, page, encodeRule);
    },
  );

  app.post(
    "/alerts/rules",
    operation({
      ...OURS,
      summary: "Create an alert rule",
      description: "Idempotent: the same name with the same settings is the rule that is there.",
      body: RuleInput,
      answers: { 200: RuleAnswer, 201: RuleAnswer },
    }),
    async (request, reply) => {
      const { application, actor } = accessOf(request);
      const wanted = readRule(request.body, application);
      const { value, created } = await store.createAlertRule(wanted, actor);
      const same =
        value.kind === wanted.kind &&
        value.condition === wanted.condition &&
        value.enabled === wanted.enabled &&
        value.channels.join() === wanted.channels.join();
      if (!created && !same) {
        throw new WireError(
          "alert_rule_exists",
          `A rule named ${show(wanted.name)} exists with other settings. Change it with PUT /api/v1/alerts/rules/${value.id}, or choose another name.`,
        );
      }
      return reply.code(created ? 201 : 200).send({ request_id: request.id, ...encodeRule(value) });
    },
  );

  app.get<One>(
    "/alerts/rules/:id",
    operation({ ...OURS, summary: "Read an alert rule", answers: { 200: RuleAnswer } }),
    async (request) => ({
      request_id: request.id,
      ...encodeRule(await requireRule(accessOf(request).application, request.params.id)),
    }),
  );

  app.put<One>(
    "/alerts/rules/:id",
    operation({
      ...OURS,
      summary: "Change an alert rule",
      description: "Fields that are left out stay. A condition is replaced as a whole.",
      body: RuleUpdate,
      answers: { 200: RuleAnswer },
    }),
    async (request) => {
      const { application, actor } = accessOf(request);
      const known = await requireRule(application, request.params.id);
      const wanted = readRule(request.body, application, known);
      const changed = await store.changeAlertRule(known.id, wanted, actor);
      return { request_id: request.id, ...encodeRule(changed) };
    },
  );

  app.delete<One>(
    "/alerts/rules/:id",
    operation({ ...OURS, summary: "Delete an alert rule; its history stays", answers: { 200: Answer({}) } }),
    async (request) => {
      const { application, actor } = accessOf(request);
      await store.deleteAlertRule(application, request.params.id, actor);
      return { request_id: request.id };
    },
  );

  app.get<{ Querystring: Query }>(
    "/alerts/history",
    operation({
      ...OURS,
      summary: "List alerts with their deliveries, newest first",
      query: ALERT_QUERY,
      answers: { 200: AlertPage },
    }),
    async (request) => {
      const { query } = request;
      const state = nonBlank(query, "state");
      if (state !== undefined && !STATES.includes(state)) {
        throw new WireError(
          "request_processing_error",
          `state must be one of ${STATES.join(", ")}, got ${show(state)}.`,
        );
      }
      const filter = { ruleId: nonBlank(query, "rule_id"), kind: nonBlank(query, "kind"), state };
      const page = await store.alertHistory(accessOf(request).application, filter, readPage(query, false));
      return encodePage(request.id, page, encodeAlert);
    },
  );

  app.post<One>(
    "/alerts/history/:id/retry",
    operation({
      ...OURS,
      summary: "Send again what could not be delivered of an alert",
      answers: { 200: AlertAnswer },
    }),
    async (request) => {
      const alert = await store.retryAlert(accessOf(request).application, request.params.id);
      return { request_id: request.id, ...encodeAlert(alert) };
    },
  );

  async function requireRule(application: string, id: string): Promise<StoredAlertRule> {
    const found = await store.alertRule(application, id);
    if (found !== undefined) return found;
    throw new WireError(
      "alert_rule_not_found",
      `There is no rule ${show(id)}. List them with GET /api/v1/alerts/rules.`,
    );
  }
}
