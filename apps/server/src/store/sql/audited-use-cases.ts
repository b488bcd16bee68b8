/**
 * Changes of use cases, their KPIs, policies and instances with their entries in the audit log. What events and scores
 * bring with them is data, and made-up history is told as a whole.
 */
import { type Created, type InstanceName } from "../store.ts";
import {
  type KpiChange,
  type NewKpi,
  type NewUseCase,
  type StoredInstance,
  type StoredKpi,
  type StoredUseCase,
  type UseCaseChange,
} from "../use-case.ts";
import { type NewValuePolicy, type StoredValuePolicy } from "../value-policy.ts";
import { audited } from "./audited.ts";
import * as instances from "./instances.ts";
import { findKpi } from "./kpi-rows.ts";
import * as kpis from "./kpis.ts";
import { type Program } from "./program.ts";
import { findUseCase, writeLimitConfig } from "./use-case-rows.ts";
import * as useCases from "./use-cases.ts";
import * as policies from "./value-policies.ts";

export function createUseCase(wanted: NewUseCase, actor?: string): Program<Created<StoredUseCase>> {
  const work = (): Program<Created<StoredUseCase>> => useCases.createUseCase(wanted);
  return wanted.seeded ? work() : changedUseCase(wanted, actor, "use_case.created", work);
}

export function changeUseCase(change: UseCaseChange, actor?: string): Program<StoredUseCase> {
  return changedUseCase(change, actor, "use_case.changed", () => useCases.changeUseCase(change));
}

export function deleteUseCase(application: string, name: string, actor?: string): Program<StoredUseCase> {
  return changedUseCase({ application, name }, actor, "use_case.deleted", () =>
    useCases.deleteUseCase(application, name),
  );
}

export function createKpi(wanted: NewKpi, actor?: string): Program<Created<StoredKpi>> {
  const work = (): Program<Created<StoredKpi>> => kpis.createKpi(wanted);
  return wanted.seeded ? work() : changedKpi(wanted, actor, "kpi.created", work);
}

export function changeKpi(change: KpiChange, actor?: string): Program<StoredKpi> {
  return changedKpi(change, actor, "kpi.changed", () => kpis.changeKpi(change));
}

export function deleteKpi(
  application: string,
  useCase: string,
  name: string,
  actor?: string,
): Program<StoredKpi> {
  return changedKpi({ application, useCase, name }, actor, "kpi.deleted", () =>
    kpis.deleteKpi(application, useCase, name),
  );
}

export function deleteInstance(name: InstanceName, actor?: string): Program<StoredInstance> {
  const { application, useCase, id } = name;
  return audited(
    { application, actor, action: "instance.deleted", subject: `${useCase}/${id}` },
    function* look() {
      const found = yield* instances.instance(name);
      return found && { version: found.version, limit_id: found.limitId, requests: found.sums.requests };
    },
    () => instances.deleteInstance(name),
  );
}

/** Which versions of a use case's policies there are, and which is in force. */
export function createValuePolicy(wanted: NewValuePolicy): Program<StoredValuePolicy> {
  const { application, useCase, actor } = wanted;
  return audited(
    { application, actor, action: "value_policy.created", subject: useCase },
    function* look() {
      const { items } = yield* policies.valuePolicies(application, useCase, LATEST);
      return items[0] && toldOfPolicy(items[0]);
    },
    () => policies.createValuePolicy(wanted),
  );
}

export function activateValuePolicy(
  application: string,
  id: string,
  active: boolean,
  actor?: string,
): Program<StoredValuePolicy> {
  const action = `value_policy.${active ? "activated" : "deactivated"}`;
  return audited(
    { application, actor, action, subject: id },
    function* look() {
      const found = yield* policies.valuePolicy(application, id);
      return found && toldOfPolicy(found);
    },
    () => policies.activateValuePolicy(application, id, active),
  );
}

const LATEST = { limit: 1, ascending: false, after: undefined };

function changedUseCase<Ended>(
  { application, name }: { readonly application: string; readonly name: string },
  actor: string | undefined,
  action: string,
  work: () => Program<Ended>,
): Program<Ended> {
  return audited(
    { application, actor, action, subject: name },
    function* look() {
      const found = yield* findUseCase(application, name);
      return (
        found && {
          description: found.description,
          version: found.version,
          logging_enabled: found.loggingEnabled,
          properties: found.properties,
          limit_config:
            found.limitConfig === null ? null : (JSON.parse(writeLimitConfig(found.limitConfig)) as unknown),
        }
      );
    },
    work,
  );
}

function changedKpi<Ended>(
  {
    application,
    useCase,
    name,
  }: { readonly application: string; readonly useCase: string; readonly name: string },
  actor: string | undefined,
  action: string,
  work: () => Program<Ended>,
): Program<Ended> {
  return audited(
    { application, actor, action, subject: `${useCase}/${name}` },
    function* look() {
      const found = yield* findKpi(application, useCase, name);
      return found && { kpi_type: found.kpiType, goal: found.goal, description: found.description };
    },
    work,
  );
}

function toldOfPolicy({ id, useCase, version, description, money, time, active }: StoredValuePolicy) {
  return { id, use_case: useCase, version, description, money, time, active };
}
