import { formatMoney } from "@payi/core/cost";
import { WireError, toThreshold } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type LimitChange, type NewLimit, type StoredLimit } from "../limit.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { dropLostLines } from "./change-lines.ts";
import { changePolicy } from "./limit-policy-change.ts";
import { LIMIT_COLUMNS, insertLimit } from "./limit-rows.ts";
import { findLimit, readLimit } from "./limit-totals.ts";
import { noteLimitChange } from "./limit-version.ts";
import { listPage } from "./page.ts";
import { type Program, each, get, run } from "./program.ts";
import { mergeProperties } from "./properties.ts";

/** One limit. */
export function* limit(application: string, id: string): Program<StoredLimit | undefined> {
  return yield* findLimit(application, id);
}

/** Limits in the order of their creation, automatic ones too. */
export function* limits(
  application: string,
  name: string | undefined,
  page: PageRequest,
): Program<Page<StoredLimit>> {
  const { items, next } = yield* listPage(
    {
      columns: LIMIT_COLUMNS,
      tables: "limit_def",
      where: name === undefined ? "application = ?" : "application = ? AND name = ?",
      values: name === undefined ? [application] : [application, name],
      order: "created_ms",
      id: "id",
      read: (row) => row,
    },
    page,
  );
  return { items: yield* each(items, (row) => readLimit(application, row)), next };
}

/** Idempotent: the same id, or without one the same name, with the same configuration is the limit that is there. */
export function* createLimit(wanted: NewLimit): Program<Created<StoredLimit>> {
  const known =
    wanted.id === undefined
      ? yield* findLimitByName(wanted.application, wanted.name)
      : yield* findLimit(wanted.application, wanted.id);
  if (known !== undefined) {
    if (sameConfiguration(known, wanted)) return { value: known, created: false };
    const what =
      wanted.id === undefined
        ? `the name ${JSON.stringify(wanted.name)}`
        : `the id ${JSON.stringify(wanted.id)}`;
    throw new WireError(
      "limit_name_already_exist",
      `A limit with ${what} exists with another configuration (max ${formatMoney(known.max)}, type ${known.limitType}, threshold ${known.threshold ?? "none"}). Change it with PUT /api/v1/limits/${known.id}, or choose another ${wanted.id === undefined ? "name" : "id"}.`,
    );
  }
  if (wanted.id !== undefined && (yield* findLimitByName(wanted.application, wanted.name)) !== undefined) {
    throw new WireError(
      "limit_name_already_exist",
      `A limit named ${JSON.stringify(wanted.name)} exists under another id. Choose another name, or leave limit_id out.`,
    );
  }
  const id = wanted.id ?? newId();
  yield* insertLimit({ ...wanted, id, automatic: false });
  yield* noteLimitChange(wanted.application);
  return { value: yield* requireLimit(wanted.application, id), created: true };
}

/** Changes name, max and threshold; max never goes below what is spent. */
export function* changeLimit(change: LimitChange): Program<StoredLimit> {
  const known = yield* requireLimit(change.application, change.id);
  const max = change.max ?? known.max;
  if (change.max !== undefined && known.totals.used * 1_000_000n > change.max) {
    throw new WireError(
      "invalid_max_limit_update",
      `max ${formatMoney(change.max)} is below the ${formatMoney(known.totals.used * 1_000_000n)} that were spent already. Choose a larger max, or reset the limit first.`,
    );
  }
  if (change.name !== undefined && change.name !== known.name) {
    const other = yield* findLimitByName(change.application, change.name);
    if (other !== undefined) {
      throw new WireError(
        "limit_name_already_exist",
        `A limit named ${JSON.stringify(change.name)} exists already. Choose another name.`,
      );
    }
  }
  const threshold = change.threshold === undefined ? known.threshold : toThreshold(change.threshold, max);
  yield* run(
    "UPDATE limit_def SET name = ?, max = ?, threshold = ?, updated_ms = ? WHERE application = ? AND id = ?",
    change.name ?? known.name,
    formatMoney(max),
    threshold ?? null,
    Date.now(),
    change.application,
    change.id,
  );
  yield* changePolicy(known, change);
  yield* noteLimitChange(change.application);
  return yield* requireLimit(change.application, change.id);
}

/** Merges properties; null removes. */
export function* changeLimitProperties(
  application: string,
  id: string,
  properties: Readonly<Record<string, string | null>>,
): Program<StoredLimit> {
  const known = yield* requireLimit(application, id);
  yield* run(
    "UPDATE limit_def SET properties = ?, updated_ms = ? WHERE application = ? AND id = ?",
    JSON.stringify(mergeProperties(known.properties, properties)),
    Date.now(),
    application,
    id,
  );
  return yield* requireLimit(application, id);
}

/** The limit with its windows and entries; requests keep their cost. */
export function* deleteLimit(application: string, id: string): Program<void> {
  yield* requireLimit(application, id);
  yield* run("DELETE FROM limit_def WHERE application = ? AND id = ?", application, id);
  yield* dropLostLines(application);
  yield* noteLimitChange(application);
}

/** @throws {WireError} `limit_not_found`. */
export function* requireLimit(application: string, id: string): Program<StoredLimit> {
  const found = yield* findLimit(application, id);
  if (found === undefined) throw unknownLimit(id);
  return found;
}

/** The error for a limit that is not there. */
export function unknownLimit(id: string): WireError {
  return new WireError(
    "limit_not_found",
    `There is no limit ${JSON.stringify(id)}. List them with GET /api/v1/limits.`,
  );
}

function* findLimitByName(application: string, name: string): Program<StoredLimit | undefined> {
  const row = yield* get(
    `SELECT ${LIMIT_COLUMNS} FROM limit_def WHERE application = ? AND name = ? ORDER BY created_ms, id LIMIT 1`,
    application,
    name,
  );
  return row === undefined ? undefined : yield* readLimit(application, row);
}

function sameConfiguration(known: StoredLimit, wanted: NewLimit): boolean {
  return (
    known.name === wanted.name &&
    known.max === wanted.max &&
    known.limitType === wanted.limitType &&
    known.threshold === (wanted.threshold ?? null) &&
    canonical(known.policy) === canonical(wanted.policy ?? {})
  );
}

/** The same policy has the same text, whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}
