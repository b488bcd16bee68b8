import { type NewEvent } from "../event.ts";
import { shared } from "./columns.ts";
import { FACT_NAMES, FACT_VALUES, factValues } from "./event-row.ts";
import { type PackedRows, packRows, unpackRows } from "./packed-rows.ts";
import { type Value } from "./program.ts";

/** What decides where an event belongs, what it is charged to, and which totals it is added to. */
export type UndecidedEvent = Pick<
  NewEvent,
  | "id"
  | "application"
  | "timeMs"
  | "receivedMs"
  | "category"
  | "resource"
  | "useCase"
  | "version"
  | "instance"
  | "user"
  | "account"
  | "httpStatus"
  | "refusedBy"
  | "error"
  | "blocked"
  | "seeded"
  | "latencyMs"
  | "tokensInput"
  | "tokensOutput"
  | "pricingStatus"
  | "cost"
  | "unknownUnits"
  | "properties"
  | "instanceProperties"
  | "limitIds"
  | "holdId"
  | "key"
  | "text"
>;

/** An event on its way into a transaction, its row written out as far as nothing is to be decided about it. */
export interface EventRecord extends UndecidedEvent {
  /** As {@link factValues} has them. */
  readonly row: readonly Value[];
}

type PackedValue = Value | NewEvent["text"];

/** Records as they cross threads: every object would be copied property by property, plain values are not. */
export type PackedRecords = PackedRows<PackedValue>;

/** What is not in the row; `text` is the only object. */
const ASKED: Readonly<Record<string, (event: NewEvent) => PackedValue>> = {
  useCase: (event) => event.useCase,
  version: (event) => event.version,
  instance: (event) => event.instance,
  user: (event) => event.user,
  account: (event) => event.account,
  instanceProperties: ({ instanceProperties }) =>
    hasAny(instanceProperties) ? JSON.stringify(instanceProperties) : null,
  limitIds: ({ limitIds }) => (limitIds === undefined ? null : JSON.stringify(limitIds)),
  holdId: (event) => event.holdId ?? null,
  keyKind: (event) => event.key?.kind ?? null,
  keyId: (event) => event.key?.id ?? null,
  text: (event) => event.text,
};

const READERS: readonly ((event: NewEvent) => PackedValue)[] = [...FACT_VALUES, ...Object.values(ASKED)];
const PLACES = new Map([...FACT_NAMES, ...Object.keys(ASKED)].map((name, place) => [name, place]));
const ID = placeOf("id");
const APPLICATION = placeOf("application");
const TIME = placeOf("time_ms");
const RECEIVED = placeOf("received_ms");
const CATEGORY = placeOf("category");
const RESOURCE = placeOf("resource");
const HTTP_STATUS = placeOf("http_status");
const REFUSED_BY = placeOf("refused_by");
const ERROR = placeOf("error");
const BLOCKED = placeOf("blocked");
const SEEDED = placeOf("seeded");
const LATENCY = placeOf("latency_ms");
const UNITS = placeOf("units");
const TOKENS_INPUT = placeOf("tokens_input");
const TOKENS_OUTPUT = placeOf("tokens_output");
const PRICING_STATUS = placeOf("pricing_status");
const COST_INPUT = placeOf("cost_input");
const COST_OUTPUT = placeOf("cost_output");
const COST_TOTAL = placeOf("cost_total");
const UNKNOWN_UNITS = placeOf("unknown_units");
const PROPERTIES = placeOf("properties");
const USE_CASE = placeOf("useCase");
const VERSION = placeOf("version");
const INSTANCE = placeOf("instance");
const USER = placeOf("user");
const ACCOUNT = placeOf("account");
const INSTANCE_PROPERTIES = placeOf("instanceProperties");
const LIMIT_IDS = placeOf("limitIds");
const HOLD_ID = placeOf("holdId");
const KEY_KIND = placeOf("keyKind");
const KEY_ID = placeOf("keyId");
const TEXT = placeOf("text");

/** What a record's units are, word for word. */
export function unitsOf({ row }: EventRecord): Value | undefined {
  return row[UNITS];
}

/** In the thread where the event is at hand. */
export function toRecord(event: NewEvent): EventRecord {
  return {
    id: event.id,
    application: event.application,
    timeMs: event.timeMs,
    receivedMs: event.receivedMs,
    category: event.category,
    resource: event.resource,
    useCase: event.useCase,
    version: event.version,
    instance: event.instance,
    user: event.user,
    account: event.account,
    httpStatus: event.httpStatus,
    refusedBy: event.refusedBy,
    error: event.error,
    blocked: event.blocked,
    seeded: event.seeded,
    latencyMs: event.latencyMs,
    tokensInput: event.tokensInput,
    tokensOutput: event.tokensOutput,
    pricingStatus: event.pricingStatus,
    cost: event.cost,
    unknownUnits: event.unknownUnits,
    properties: event.properties,
    instanceProperties: event.instanceProperties,
    limitIds: event.limitIds,
    holdId: event.holdId,
    key: event.key,
    text: event.text,
    row: factValues(event),
  };
}

/** For a thread that has only this. */
export function packRecords(events: readonly NewEvent[]): PackedRecords {
  return packRows(events, READERS);
}

/** In the other thread. */
export function unpackRecords(packed: PackedRecords): readonly EventRecord[] {
  return unpackRows(packed).map(unpackRecord);
}

function unpackRecord(packed: readonly PackedValue[]): EventRecord {
  const values = packed as readonly Value[];
  // What stands in each place was put there by READERS, whose types are checked.
  const at = (place: number): never => packed[place] as never;
  const [input, output, total] = [values[COST_INPUT], values[COST_OUTPUT], values[COST_TOTAL]];
  const [kind, key] = [values[KEY_KIND], values[KEY_ID]];
  return {
    id: at(ID),
    application: at(APPLICATION),
    timeMs: at(TIME),
    receivedMs: at(RECEIVED),
    category: at(CATEGORY),
    resource: at(RESOURCE),
    useCase: at(USE_CASE),
    version: at(VERSION),
    instance: at(INSTANCE),
    user: at(USER),
    account: at(ACCOUNT),
    httpStatus: at(HTTP_STATUS),
    refusedBy: values[REFUSED_BY] === null ? NO_IDS : shared(values[REFUSED_BY]),
    error: values[ERROR] === 1,
    blocked: values[BLOCKED] === 1,
    seeded: values[SEEDED] === 1,
    latencyMs: at(LATENCY),
    tokensInput: at(TOKENS_INPUT),
    tokensOutput: at(TOKENS_OUTPUT),
    pricingStatus: at(PRICING_STATUS),
    cost:
      typeof input === "bigint" && typeof output === "bigint" && typeof total === "bigint"
        ? { input, output, total }
        : null,
    unknownUnits: shared(values[UNKNOWN_UNITS]),
    properties: shared(values[PROPERTIES]),
    instanceProperties: shared(values[INSTANCE_PROPERTIES] ?? "{}"),
    limitIds: values[LIMIT_IDS] === null ? undefined : shared(values[LIMIT_IDS]),
    holdId: values[HOLD_ID] === null ? undefined : String(values[HOLD_ID]),
    key: kind === null || key === null ? undefined : { kind: kind as "response" | "event", id: String(key) },
    text: at(TEXT),
    row: values.slice(0, FACT_NAMES.length),
  };
}

const NO_IDS: readonly string[] = [];
function hasAny(properties: NewEvent["instanceProperties"]): boolean {
  for (const _ in properties) return true;
  return false;
}

function placeOf(name: string): number {
  const place = PLACES.get(name);
  if (place === undefined) throw new Error(`An event's record has no ${name}.`);
  return place;
}
