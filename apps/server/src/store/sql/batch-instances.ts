import { newId } from "../../new-id.ts";
import { NO_SUMS, type Sums } from "../sums.ts";
import { type BatchInstance, COLUMNS, INSTANCE, readInstance, see, toRow } from "./batch-instance.ts";
import { SUM_EVENTS, readSums } from "./columns.ts";
import { type UndecidedEvent } from "./event-record.ts";
import { unknownInstance } from "./instance-rows.ts";
import { type LimitLookup } from "./limit-lookup.ts";
import { type LimitInForce, automaticLimit } from "./limit-rows.ts";
import { ChangedDays } from "./outcome-days.ts";
import { type Program, type Value, all, dialect, run, runMany } from "./program.ts";
import { mergeProperties } from "./properties.ts";
import {
  NEW_USE_CASE,
  USE_CASE_COLUMNS,
  type UseCaseRow,
  newUseCaseValues,
  readUseCase,
} from "./use-case-rows.ts";

/** Where an event belongs, before anything is changed. */
export interface Place {
  /** Undefined: it is to be made. */
  readonly useCase: UseCaseRow | undefined;
  readonly instance: BatchInstance | undefined;
}

/** The use cases and instances that one batch of events belongs to: read once, changed in memory, written at the end. */
export class BatchInstances {
  readonly #limits: LimitLookup;
  readonly #useCases = new Map<string, UseCaseRow | null>();
  readonly #instances = new Map<string, BatchInstance | null>();
  /** Requests outlive a deleted instance; one that comes back under the same id has them in its totals again. */
  readonly #pasts = new Map<string, Sums>();
  readonly #days = new ChangedDays();
  readonly #newUseCases: (readonly Value[])[] = [];
  readonly #adopted: (readonly [application: string, name: string])[] = [];

  constructor(limits: LimitLookup) {
    this.#limits = limits;
  }

  /** Reads everything that the batch names. */
  *load(batch: readonly UndecidedEvent[]): Program<void> {
    const useCases = new Map<string, readonly string[]>();
    const instances = new Map<string, readonly string[]>();
    const ids = new Map<string, readonly string[]>();
    for (const { application, useCase, instance } of batch) {
      if (useCase !== null) useCases.set(keyOf(application, useCase), [application, useCase]);
      if (instance === null) continue;
      if (useCase === null) ids.set(keyOf(application, instance), [application, instance]);
      else instances.set(keyOf(application, useCase, instance), [application, useCase, instance]);
    }
    for (const key of useCases.keys()) this.#useCases.set(key, null);
    for (const key of instances.keys()) this.#instances.set(key, null);
    yield* this.#loadUseCases([...useCases.values()]);
    yield* this.#loadInstances(
      [...instances.values()],
      ["application", "use_case", "id"],
      "instance.application = wanted.application AND instance.use_case = wanted.use_case AND instance.id = wanted.id",
    );
    yield* this.#loadPasts(
      [...instances].flatMap(([key, name]) => (this.#instances.get(key) === null ? [name] : [])),
    );
    yield* this.#loadInstances(
      [...ids.values()],
      ["application", "id"],
      "instance.application = wanted.application AND instance.id = wanted.id",
    );
  }

  /** The limits that instances of the batch are charged to without being named. */
  *limitsOfInstances(): Iterable<readonly [application: string, id: string]> {
    for (const instance of this.#instances.values()) {
      if (instance === null) continue;
      for (const id of instance.defaultLimitIds) yield [instance.application, id];
      if (instance.limitId !== null) yield [instance.application, instance.limitId];
    }
  }

  /**
   * Where an event belongs; null when it names neither instance nor use case.
   *
   * @throws {WireError} `use_case_instance_not_found`.
   */
  find(event: UndecidedEvent): Place | null {
    const { application, useCase, instance: id } = event;
    if (useCase !== null) {
      return {
        useCase: this.#useCases.get(keyOf(application, useCase)) ?? undefined,
        instance: (id === null ? null : this.#instances.get(keyOf(application, useCase, id))) ?? undefined,
      };
    }
    if (id === null) return null;
    const latest = this.#latest(application, id);
    if (latest === undefined) throw unknownInstance(id);
    return { useCase: undefined, instance: latest };
  }

  /** The instance that an event names, if it is there. */
  known({ application, useCase, instance: id }: UndecidedEvent): BatchInstance | undefined {
    if (id === null) return undefined;
    if (useCase === null) return this.#latest(application, id);
    return this.#instances.get(keyOf(application, useCase, id)) ?? undefined;
  }

  /** The instance of an event, made or changed by it. A limit that comes with a new one is added to `charged`. */
  place(event: UndecidedEvent, place: Place, charged: LimitInForce[]): BatchInstance {
    const { instance } = place;
    if (event.useCase !== null) this.#seeUseCase(event, event.useCase, place.useCase);
    if (instance !== undefined) {
      const { startedMs } = instance;
      see(instance, event);
      // An event from before its first one may take it to another day.
      if (instance.startedMs !== startedMs) this.#days.note(instance.application, startedMs);
      return instance;
    }
    const useCase = event.useCase ?? "";
    const definition = this.#useCases.get(keyOf(event.application, useCase));
    const id = event.instance ?? newId();
    const config = definition?.limitConfig ?? null;
    const limitId = config === null ? null : newId();
    if (config !== null && limitId !== null) {
      const { application } = event;
      const name = `${useCase}/${id}`;
      charged.push(this.#limits.make({ ...automaticLimit(config), application, id: limitId, name }));
    }
    const made: BatchInstance = {
      application: event.application,
      useCase,
      id,
      version: event.version ?? definition?.version ?? 1,
      limitId,
      defaultUser: null,
      defaultAccount: null,
      defaultLimitIds: [],
      properties: mergeProperties({}, event.instanceProperties),
      user: event.user,
      userMs: event.user === null ? null : event.timeMs,
      account: event.account,
      accountMs: event.account === null ? null : event.timeMs,
      seeded: event.seeded,
      seen: true,
      startedMs: event.timeMs,
      lastSeenMs: event.timeMs,
      added: { ...(this.#pasts.get(keyOf(event.application, useCase, id)) ?? NO_SUMS) },
      touched: true,
    };
    this.#instances.set(keyOf(made.application, useCase, id), made);
    return made;
  }

  /** Use cases, limits that come with instances, and instances, in the order in which they refer to each other. */
  *flush(): Program<void> {
    yield* runMany(NEW_USE_CASE, this.#newUseCases);
    for (const name of this.#adopted) {
      yield* run("UPDATE use_case SET seeded = 0 WHERE application = ? AND name = ?", ...name);
    }
    const rows: Value[][] = [];
    for (const instance of this.#instances.values()) {
      if (instance?.touched !== true) continue;
      rows.push(toRow(instance));
      this.#days.note(instance.application, instance.startedMs);
    }
    yield* runMany(INSTANCE, rows);
    yield* this.#days.flush();
  }

  *#loadUseCases(wanted: readonly (readonly string[])[]): Program<void> {
    if (wanted.length === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "use_case"]);
    const rows = yield* all(
      `SELECT wanted.application, ${USE_CASE_COLUMNS} FROM ${source} CROSS JOIN use_case
       WHERE use_case.application = wanted.application AND name = wanted.use_case`,
      JSON.stringify(wanted),
    );
    for (const row of rows) {
      const useCase = readUseCase(row);
      this.#useCases.set(keyOf(String(row["application"]), useCase.name), useCase);
    }
  }

  *#loadInstances(
    wanted: readonly (readonly string[])[],
    columns: readonly string[],
    condition: string,
  ): Program<void> {
    if (wanted.length === 0) return;
    const source = (yield* dialect()).rows("wanted", columns);
    const rows = yield* all(
      `SELECT ${COLUMNS} FROM ${source} CROSS JOIN instance WHERE ${condition}`,
      JSON.stringify(wanted),
    );
    for (const row of rows) {
      const instance = readInstance(row);
      this.#instances.set(keyOf(instance.application, instance.useCase, instance.id), instance);
    }
  }

  *#loadPasts(wanted: readonly (readonly string[])[]): Program<void> {
    if (wanted.length === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "use_case", "id"]);
    // The use case is compared here, so that the index that begins with the instance is the only one to take.
    const rows = yield* all(
      `SELECT instances.application, event.use_case, instances.id, ${SUM_EVENTS}
       FROM (SELECT DISTINCT application, id FROM ${source}) AS instances CROSS JOIN event
       WHERE event.application = instances.application AND event.instance = instances.id GROUP BY 1, 2, 3`,
      JSON.stringify(wanted),
    );
    for (const row of rows) {
      const key = keyOf(String(row["application"]), String(row["use_case"]), String(row["id"]));
      this.#pasts.set(key, readSums(row));
    }
  }

  /** The latest instance with this id in any use case of the application. */
  #latest(application: string, id: string): BatchInstance | undefined {
    let latest: BatchInstance | undefined;
    for (const instance of this.#instances.values()) {
      if (instance === null || instance.id !== id || instance.application !== application) continue;
      if (latest === undefined || isLater(instance, latest)) latest = instance;
    }
    return latest;
  }

  #seeUseCase(event: UndecidedEvent, name: string, known: UseCaseRow | undefined): void {
    const { application, seeded } = event;
    const key = keyOf(application, name);
    if (known === undefined) {
      const made = {
        application,
        name,
        description: name,
        limitConfig: undefined,
        loggingEnabled: undefined,
        properties: {},
        seeded,
        automatic: true,
      };
      const createdMs = Date.now();
      this.#newUseCases.push(newUseCaseValues(made, createdMs));
      const unset = { loggingEnabled: null, limitConfig: null, version: 1, createdMs };
      this.#useCases.set(key, { ...made, ...unset });
    } else if (known.seeded && !seeded) {
      this.#adopted.push([application, name]);
      this.#useCases.set(key, { ...known, seeded: false });
    }
  }
}

function isLater(left: BatchInstance, right: BatchInstance): boolean {
  if (left.startedMs !== right.startedMs) return left.startedMs > right.startedMs;
  return left.useCase < right.useCase;
}

function keyOf(application: string, name: string, instance = ""): string {
  return `${application}\n${name}\n${instance}`;
}
