/* oxlint-disable no-await-in-loop -- use case after use case: each reads all of its instances */
import { type FastifyInstance } from "fastify";

import { requireInstance } from "../domain/lookups.ts";
import { readEquations, valueOf } from "../domain/value/instance-value.ts";
import { valueReport } from "../domain/value/value-report.ts";
import { nonBlank, readSpan } from "../http/analytics-query.ts";
import { SPAN_QUERY } from "../http/api/analytics-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { InstanceValue, ValueAnswer } from "../http/api/value-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeInstanceValue, encodeValueReport } from "../http/encode-value.ts";
import { type Query } from "../http/paging.ts";
import { type Store } from "../store/store.ts";

/** What instances were worth by the policies in force (contract 2.4, additions "Routes"). */
export function registerValue(app: FastifyInstance, store: Store): void {
  app.get<{ Params: { name: string; id: string } }>(
    "/use_cases/instances/:name/:id/value",
    operation({
      tag: "Use cases",
      summary: "Read what an instance was worth",
      description: "By the policy in force now. What is unknown is null, and `unknown` says why.",
      answers: { 200: InstanceValue },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const { name: useCase, id } = request.params;
      const instance = await requireInstance(store, { application, useCase, id });
      const [policy] = await store.activeValuePolicies(application, useCase);
      const value =
        policy === undefined
          ? { money: null, time: null, unknown: ["the use case has no value policy in force"] }
          : valueOf(readEquations(policy), instance);
      return encodeInstanceValue(request.id, policy, value);
    },
  );

  app.get<{ Querystring: Query }>(
    "/analytics/value",
    operation({
      access: "dashboard",
      tag: "Analytics",
      ours: true,
      summary: "Value and return by use case and version",
      description: "Of the instances that started in the period, for every use case with a policy in force.",
      query: SPAN_QUERY,
      answers: { 200: ValueAnswer },
    }),
    async (request) => {
      const span = readSpan(request.query, accessOf(request).application);
      const useCase = nonBlank(request.query, "use_case_name");
      const found: unknown[] = [];
      for (const policy of await store.activeValuePolicies(span.application, useCase)) {
        const own = { ...span, filter: { ...span.filter, useCase: policy.useCase } };
        found.push({
          use_case_name: policy.useCase,
          value_policy_id: policy.id,
          policy_version: policy.version,
          ...encodeValueReport(await valueReport(store, own, readEquations(policy))),
        });
      }
      return {
        request_id: request.id,
        from: new Date(span.fromMs).toISOString(),
        to: new Date(span.toMs).toISOString(),
        use_cases: found,
      };
    },
  );
}
