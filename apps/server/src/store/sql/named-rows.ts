import { type WireError } from "@payi/core/wire";

import { newId } from "../../new-id.ts";
import { type Page, type PageRequest } from "../query.ts";
import { type Created } from "../store.ts";
import { recordChange } from "./audit.ts";
import { listPage } from "./page.ts";
import { type Program, type Row, type Value, get, run } from "./program.ts";

interface Wanted {
  readonly application: string;
  readonly name: string;
}
interface Stored extends Wanted {
  readonly id: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** Things that an application keeps under names of its own: their table, and how one is written, read and told. */
export interface NamedKind<New extends Wanted, Kept extends Stored> {
  readonly table: string;
  /** Columns beside those that all of them have, and their values. */
  readonly fields: Readonly<Record<string, (wanted: New) => Value>>;
  readonly read: (row: Row) => Kept;
  readonly keep: (wanted: New, stamp: Pick<Stored, "id" | "createdMs" | "updatedMs">) => Kept;
  /** What the audit log says of one. */
  readonly told: (kept: Kept) => object;
  readonly notFound: (id: string) => WireError;
  readonly nameTaken: (name: string) => WireError;
}

const STAMP = ["id", "application", "name", "created_ms", "updated_ms"];

/** Finds, lists, makes, changes and deletes them; each change with its entry in the audit log. */
export class NamedRows<New extends Wanted, Kept extends Stored> {
  readonly columns: string;
  readonly #kind: NamedKind<New, Kept>;

  constructor(kind: NamedKind<New, Kept>) {
    this.#kind = kind;
    this.columns = [...STAMP, ...Object.keys(kind.fields)].join(", ");
  }

  /** Undefined when there is none with this id. */
  *find(application: string, id: string): Program<Kept | undefined> {
    const row = yield* get(
      `SELECT ${this.columns} FROM ${this.#kind.table} WHERE application = ? AND id = ?`,
      application,
      id,
    );
    return row === undefined ? undefined : this.#kind.read(row);
  }

  /** In the order of their making. */
  *page(application: string, page: PageRequest): Program<Page<Kept>> {
    const { table, read } = this.#kind;
    const where = { where: "application = ?", values: [application] };
    return yield* listPage(
      { columns: this.columns, tables: table, ...where, order: "created_ms", id: "id", read },
      page,
    );
  }

  /** The one of this name, as it is: the caller compares. `check` may refuse a new one. */
  *create(
    wanted: New,
    actor: string,
    check: (wanted: New) => Program<void> = nothing,
  ): Program<Created<Kept>> {
    const { table, fields, read, keep } = this.#kind;
    const known = yield* get(
      `SELECT ${this.columns} FROM ${table} WHERE application = ? AND name = ?`,
      wanted.application,
      wanted.name,
    );
    if (known !== undefined) return { value: read(known), created: false };
    yield* check(wanted);
    const now = Date.now();
    const kept = keep(wanted, { id: newId(now), createdMs: now, updatedMs: now });
    const values = Object.values(fields).map((toValue) => toValue(wanted));
    yield* run(
      `INSERT INTO ${table} (${this.columns}) VALUES (${[...STAMP, ...values].map(() => "?").join(", ")})`,
      kept.id,
      kept.application,
      kept.name,
      now,
      now,
      ...values,
    );
    yield* this.#tell(actor, "created", undefined, kept);
    return { value: kept, created: true };
  }

  /** Puts all of one anew. `check` may refuse it. */
  *change(
    id: string,
    wanted: New,
    actor: string,
    check: (wanted: New) => Program<void> = nothing,
  ): Program<Kept> {
    const { table, fields, keep, notFound, nameTaken } = this.#kind;
    const known = yield* this.find(wanted.application, id);
    if (known === undefined) throw notFound(id);
    const other = yield* get(
      `SELECT id FROM ${table} WHERE application = ? AND name = ? AND id <> ?`,
      wanted.application,
      wanted.name,
      id,
    );
    if (other !== undefined) throw nameTaken(wanted.name);
    yield* check(wanted);
    const now = Date.now();
    yield* run(
      `UPDATE ${table} SET name = ?, updated_ms = ?, ${Object.keys(fields)
        .map((name) => `${name} = ?`)
        .join(", ")} WHERE id = ?`,
      wanted.name,
      now,
      ...Object.values(fields).map((toValue) => toValue(wanted)),
      id,
    );
    const changed = keep(wanted, { id, createdMs: known.createdMs, updatedMs: now });
    yield* this.#tell(actor, "changed", known, changed);
    return changed;
  }

  *remove(application: string, id: string, actor: string): Program<void> {
    const known = yield* this.find(application, id);
    if (known === undefined) throw this.#kind.notFound(id);
    yield* run(`DELETE FROM ${this.#kind.table} WHERE application = ? AND id = ?`, application, id);
    yield* this.#tell(actor, "deleted", known, undefined);
  }

  *#tell(actor: string, deed: string, before: Kept | undefined, after: Kept | undefined): Program<void> {
    const { table, told } = this.#kind;
    const { application = "", id = "" } = after ?? before ?? {};
    yield* recordChange({
      application,
      actor,
      action: `${table}.${deed}`,
      subject: id,
      before: before === undefined ? null : told(before),
      after: after === undefined ? null : told(after),
    });
  }
}

function* nothing(): Program<void> {}
