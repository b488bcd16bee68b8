import { WireError, decodePreviewDays, decodeValuePolicy } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { requireUseCase } from "../domain/lookups.ts";
import { kpisOf } from "../domain/value/equation.ts";
import { type ValueEquations, readEquations } from "../domain/value/instance-value.ts";
import { valueReport } from "../domain/value/value-report.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { PAGE_QUERY, PageOf, Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import {
  ValuePolicy,
  ValuePolicyAnswer,
  ValuePolicyInput,
  ValuePreview,
  ValuePreviewInput,
} from "../http/api/value-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeValuePolicy, encodeValueReport } from "../http/encode-value.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";
import { type StoredValuePolicy } from "../store/value-policy.ts";

interface One {
  Params: { id: string };
}

const DAY_MS = 86_400_000;

/** `/value-policies`: what an instance of a use case is worth, in versions, one of them in force. */
export function registerValuePolicies(app: FastifyInstance, store: Store): void {
  app.post(
    "/value-policies",
    operation({
      access: "dashboard",
      tag: "Value",
      ours: true,
      summary: "Add a version of what instances are worth",
      description: "It is in force at once, unless activate is false. Versions are never changed.",
      body: ValuePolicyInput,
      answers: { 201: ValuePolicyAnswer },
    }),
    async (request, reply) => {
      const {
        activate,
        description = "",
        money = null,
        time = null,
        useCaseName,
      } = decodeValuePolicy(request.body);
      const equations = readEquations({ money, time });
      const { application, actor } = accessOf(request);
      const wanted = { application, useCase: useCaseName, description, money, time, actor, activate };
      const policy = await store.createValuePolicy(wanted);
      return reply.code(201).send(await answer(request, policy, equations));
    },
  );

  app.get<{ Querystring: Query }>(
    "/value-policies",
    operation({
      access: "dashboard",
      tag: "Value",
      ours: true,
      summary: "List versions of value policies, newest first",
      query: { use_case_name: Type.Optional(Text()), ...PAGE_QUERY },
      answers: { 200: PageOf(ValuePolicy) },
    }),
    async (request) => {
      const { application } = accessOf(request);
      const useCase = nonBlank(request.query, "use_case_name");
      const found = await store.valuePolicies(application, useCase, readPage(request.query, false));
      return encodePage(request.id, found, encodeValuePolicy);
    },
  );

  app.get<One>(
    "/value-policies/:id",
    operation({
      access: "dashboard",
      tag: "Value",
      ours: true,
      summary: "Read a version",
      answers: { 200: ValuePolicyAnswer },
    }),
    async (request) => {
      const { id } = request.params;
      const policy = await store.valuePolicy(accessOf(request).application, id);
      if (policy !== undefined) return answer(request, policy, readEquations(policy));
      throw new WireError(
        "value_policy_not_found",
        `There is no value policy ${JSON.stringify(id)}. List them with GET /api/v1/value-policies.`,
      );
    },
  );

  for (const [name, active, summary] of [
    ["activate", true, "Put a version in force, in place of the one that is"],
    ["deactivate", false, "Take a version out of force: values are unknown then"],
  ] as const) {
    app.post<One>(
      `/value-policies/:id/${name}`,
      operation({
        access: "dashboard",
        tag: "Value",
        ours: true,
        summary,
        answers: { 200: ValuePolicyAnswer },
      }),
      async (request) => {
        const { application, actor } = accessOf(request);
        const policy = await store.activateValuePolicy(application, request.params.id, active, actor);
        return answer(request, policy, readEquations(policy));
      },
    );
  }

  app.post(
    "/value-policies/preview",
    operation({
      access: "dashboard",
      needs: "read",
      tag: "Value",
      ours: true,
      summary: "See what the last days would have been worth",
      description: "Changes nothing. `current` is the same period by the policy that is in force.",
      body: ValuePreviewInput,
      answers: { 200: ValuePreview },
    }),
    async (request) => {
      const { money, time, useCaseName } = decodeValuePolicy(request.body);
      const equations = readEquations({ money, time });
      const { application } = accessOf(request);
      await requireUseCase(store, application, useCaseName);
      const toMs = Date.now() + 1;
      const fromMs = toMs - decodePreviewDays(request.body) * DAY_MS;
      const span = { application, fromMs, toMs, filter: { useCase: useCaseName } };
      const [policy] = await store.activeValuePolicies(application, useCaseName);
      const current = policy && (await valueReport(store, span, readEquations(policy)));
      return {
        request_id: request.id,
        use_case_name: useCaseName,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        ...encodeValueReport(await valueReport(store, span, equations)),
        current:
          policy === undefined || current === undefined
            ? null
            : { policy_version: policy.version, ...encodeValueReport(current) },
      };
    },
  );

  async function answer(
    request: FastifyRequest,
    policy: StoredValuePolicy,
    { money, time }: ValueEquations,
  ): Promise<unknown> {
    const { application } = accessOf(request);
    const all = { limit: 1000, ascending: true, after: undefined };
    const { items } = await store.kpis(application, policy.useCase, undefined, all);
    const known = new Set(items.map((kpi) => kpi.name));
    const read = new Set<string>();
    for (const equation of [money, time]) {
      for (const name of equation === null ? [] : kpisOf(equation)) read.add(name);
    }
    const warnings = [...read]
      .filter((name) => !known.has(name))
      .map((name) => `The use case has no KPI ${JSON.stringify(name)}: values that need it are unknown.`);
    return { request_id: request.id, ...encodeValuePolicy(policy), warnings };
  }
}
