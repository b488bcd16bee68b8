import { type Page, type PageRequest, type Span } from "./query.ts";
import { type Created, type InstanceName } from "./store.ts";
import {
  type BatchScore,
  type KpiChange,
  type NewInstance,
  type NewKpi,
  type NewScore,
  type NewUseCase,
  type ScoreIncrement,
  type ScoreOutcome,
  type StoredInstance,
  type StoredKpi,
  type StoredScore,
  type StoredUseCase,
  type UseCaseChange,
} from "./use-case.ts";
import { type NewValuePolicy, type StoredValuePolicy } from "./value-policy.ts";

type PropertyPatch = Readonly<Record<string, string | null>>;

/** The verbs of use cases: their KPIs, instances, scores and value policies. */
export interface UseCaseStore {
  createUseCase(useCase: NewUseCase, actor?: string): Promise<Created<StoredUseCase>>;
  useCase(application: string, name: string): Promise<StoredUseCase | undefined>;
  useCases(application: string, name: string | undefined, page: PageRequest): Promise<Page<StoredUseCase>>;
  changeUseCase(change: UseCaseChange, actor?: string): Promise<StoredUseCase>;
  deleteUseCase(application: string, name: string, actor?: string): Promise<StoredUseCase>;

  createKpi(kpi: NewKpi, actor?: string): Promise<Created<StoredKpi>>;
  kpis(
    application: string,
    useCase: string,
    name: string | undefined,
    page: PageRequest,
  ): Promise<Page<StoredKpi>>;
  changeKpi(change: KpiChange, actor?: string): Promise<StoredKpi>;
  deleteKpi(application: string, useCase: string, name: string, actor?: string): Promise<StoredKpi>;

  createInstance(instance: NewInstance): Promise<Created<StoredInstance>>;
  instance(name: InstanceName): Promise<StoredInstance | undefined>;
  instances(span: Span, page: PageRequest): Promise<Page<StoredInstance>>;
  changeInstanceProperties(name: InstanceName, properties: PropertyPatch): Promise<StoredInstance>;
  deleteInstance(name: InstanceName, actor?: string): Promise<StoredInstance>;
  /** One score per instance and KPI; the last one counts. An instance seen here first is made. */
  recordScore(score: NewScore): Promise<void>;
  /** Adds to a score, 0 where there is none, and answers with the sum; of several at once none is lost. */
  incrementScore(increment: ScoreIncrement): Promise<number>;
  /** The same for many, each on its own and in order; use cases and KPIs seen here first are made as well. */
  recordScores(application: string, batch: readonly BatchScore[]): Promise<readonly ScoreOutcome[]>;
  scores(name: InstanceName, kpi: string | undefined, page: PageRequest): Promise<Page<StoredScore>>;

  createValuePolicy(wanted: NewValuePolicy): Promise<StoredValuePolicy>;
  valuePolicy(application: string, id: string): Promise<StoredValuePolicy | undefined>;
  valuePolicies(
    application: string,
    useCase: string | undefined,
    page: PageRequest,
  ): Promise<Page<StoredValuePolicy>>;
  /** What is in force, by use case. */
  activeValuePolicies(
    application: string,
    useCase: string | undefined,
  ): Promise<readonly StoredValuePolicy[]>;
  activateValuePolicy(
    application: string,
    id: string,
    active: boolean,
    actor?: string,
  ): Promise<StoredValuePolicy>;
}
