import { type HoldContext, type HoldRequest } from "@payi/core/wire";

import { callProperties, type LimitedCall } from "../limit-scope.ts";
import { json, text } from "./columns.ts";
import { insertInstance } from "./instance-rows.ts";
import { type Program, type Row, all, dialect } from "./program.ts";
import { type UseCaseRow, USE_CASE_COLUMNS, readUseCase } from "./use-case-rows.ts";

/** A call that asks, with whose it is. */
interface Asking {
  readonly application: string;
  readonly request: Pick<HoldRequest, "context" | "limitIds">;
}

/** What an instance adds to a call of its own. */
interface Place {
  readonly limitId: string | null;
  readonly defaultUser: string | null;
  readonly defaultAccount: string | null;
  readonly defaultLimitIds: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * The instances that calls belong to, read at once. One that is new and whose use case has a `limit_config` is made, with
 * its own limit.
 */
export class HoldPlaces {
  readonly #places = new Map<string, Place>();

  *load(asked: readonly Asking[]): Program<void> {
    const names = new Map<string, readonly [string, string, string]>();
    for (const { application, request } of asked) {
      const { useCaseName, useCaseId } = request.context;
      if (useCaseName === undefined || useCaseId === undefined) continue;
      names.set(keyOf(application, useCaseName, useCaseId), [application, useCaseName, useCaseId]);
    }
    if (names.size === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "use_case", "id"]);
    const rows = yield* all(
      `SELECT instance.application, instance.use_case, instance.id, limit_id, default_user, default_account, default_limit_ids,
         instance.properties FROM ${source} CROSS JOIN instance
       WHERE instance.application = wanted.application AND instance.use_case = wanted.use_case AND instance.id = wanted.id`,
      JSON.stringify([...names.values()]),
    );
    for (const row of rows) {
      const name = [row["application"], row["use_case"], row["id"]].map(String);
      this.#places.set(name.join("\n"), readPlace(row));
    }
    yield* this.#make(asked, names);
  }

  /** The ids of limits that come with a call: those it names, else its instance's, and the instance's own. */
  limitIdsOf({ application, request }: Asking): readonly string[] {
    const place = this.#placeOf(application, request.context);
    const named = request.limitIds ?? place?.defaultLimitIds ?? [];
    return place?.limitId == null ? named : [...named, place.limitId];
  }

  /** What limits are matched with. */
  callOf({ application, request }: Asking): LimitedCall {
    const { category, resource, useCaseName, userId, accountName, properties } = request.context;
    const place = this.#placeOf(application, request.context);
    return {
      application,
      category,
      resource: resource ?? null,
      useCase: useCaseName ?? null,
      user: userId ?? place?.defaultUser ?? null,
      account: accountName ?? place?.defaultAccount ?? null,
      get properties() {
        return callProperties(place?.properties ?? {}, properties ?? {});
      },
    };
  }

  #placeOf(application: string, { useCaseName, useCaseId }: HoldContext): Place | undefined {
    if (useCaseName === undefined || useCaseId === undefined) return undefined;
    return this.#places.get(keyOf(application, useCaseName, useCaseId));
  }

  *#make(
    asked: readonly Asking[],
    names: ReadonlyMap<string, readonly [application: string, useCase: string, id: string]>,
  ): Program<void> {
    const missing = [...names].filter(([key]) => !this.#places.has(key));
    if (missing.length === 0) return;
    const source = (yield* dialect()).rows("wanted", ["application", "use_case"]);
    const rows = yield* all(
      `SELECT DISTINCT wanted.application, ${USE_CASE_COLUMNS} FROM ${source} CROSS JOIN use_case
       WHERE use_case.application = wanted.application AND name = wanted.use_case AND limit_config IS NOT NULL`,
      JSON.stringify(missing.map(([, [application, useCase]]) => [application, useCase])),
    );
    const limited = new Map<string, UseCaseRow>();
    for (const row of rows)
      limited.set(keyOf(String(row["application"]), String(row["name"])), readUseCase(row));
    for (const [key, [application, useCase, id]] of missing) {
      if (!limited.has(keyOf(application, useCase))) continue;
      const first = asked.find(
        ({ application: owner, request: { context } }) =>
          owner === application && context.useCaseName === useCase && context.useCaseId === id,
      )?.request.context;
      const made = yield* insertInstance({
        application,
        useCase,
        id,
        version: first?.useCaseVersion,
        user: first?.userId,
        account: first?.accountName,
        limitIds: undefined,
        properties: {},
        startedMs: Date.now(),
        seen: false,
        seeded: false,
        defaultUser: null,
        defaultAccount: null,
      });
      this.#places.set(key, made);
    }
  }
}

function readPlace(row: Row): Place {
  return {
    limitId: text(row["limit_id"]),
    defaultUser: text(row["default_user"]),
    defaultAccount: text(row["default_account"]),
    defaultLimitIds: json(row["default_limit_ids"]),
    properties: json(row["properties"]),
  };
}

function keyOf(...parts: readonly string[]): string {
  return parts.join("\n");
}
