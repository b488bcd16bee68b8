/**
 * The answer to a bulk, written out as text: it says nearly the same of thousands of events, and encoding each as an object
 * first was a quarter of what the thread of HTTP did for it. The text is that of `encodeBulkResult`, to the letter.
 */
import { formatMoney, fromPico } from "@payi/core/cost";
import { type CostLineText, encodeBulkResult, encodeXproxyResult } from "@payi/core/wire";

import { mapInTurns } from "../in-turns.ts";
import { type IngestOutcome, type StoredCost, type StoredEvent } from "../store/event.ts";
import { toXproxyResult } from "./encode-result.ts";

type Recorded = Exclude<IngestOutcome, { error: unknown }>;

/** What a bulk came to, in the order of its items. */
export interface BulkOutcome {
  readonly requestId: string;
  readonly ingestTimeMs: number;
  readonly outcomes: readonly IngestOutcome[];
}

/** The body of the answer: `minimal` is Pay-i's own, without the results of the items that went well. */
export async function writeBulkAnswer(bulk: BulkOutcome, minimal = false): Promise<string> {
  const { requestId, ingestTimeMs, outcomes } = bulk;
  const errors = outcomes.flatMap((outcome, index) =>
    "error" in outcome ? [{ index, ...outcome.error }] : [],
  );
  const [total, recorded] = [outcomes.length, outcomes.length - errors.length];
  const { results: _none, ...counted } = encodeBulkResult({ requestId, ingestTimeMs, results: [], errors });
  const head = JSON.stringify({ ...counted, ingest_count: recorded, total_count: total });
  if (minimal) return head;
  const results = await mapInTurns(outcomes, writeItem);
  return `${head.slice(0, -1)},"results":[${results.join(",")}]}`;
}

/** `xproxy_result` of what was recorded. */
export function resultOf(outcome: Recorded): ReturnType<typeof toXproxyResult> {
  return toXproxyResult(outcome.event, outcome.duplicate ? { differs: outcome.differs } : undefined);
}

function writeItem(outcome: IngestOutcome): string {
  if ("error" in outcome) return JSON.stringify({ error: outcome.error });
  const { event } = outcome;
  if (!outcome.duplicate && isUsual(event)) return writeUsual(event);
  return JSON.stringify({ request_id: event.id, xproxy_result: encodeXproxyResult(resultOf(outcome)) });
}

/** Nothing is to be told of it that is told of few. */
function isUsual(event: StoredEvent): boolean {
  const { warnings, requestTags, overrun, refusedBy, blocked, pricingStatus } = event;
  return (
    warnings.length === 0 &&
    requestTags.length === 0 &&
    overrun === null &&
    refusedBy.length === 0 &&
    !blocked &&
    pricingStatus === "priced"
  );
}

function writeUsual(event: StoredEvent): string {
  const id = quote(event.id);
  const limits = writeLimits(event.limits);
  const cost = event.cost === null ? "" : `,"cost":${writeCost(event, event.cost)}`;
  return `{"request_id":${id},"xproxy_result":{"request_id":${id}${cost}${
    limits === "{}" ? "" : `,"limits":${limits}`
  }${field("resource_id", event.resourceId)}${field("use_case_name", event.useCase)}${field(
    "use_case_id",
    event.instance,
  )}${field("use_case_step", event.step)}${field("user_id", event.user)}${field("account_name", event.account)}}}`;
}

function writeCost(event: StoredEvent, { input, output, total }: StoredCost): string {
  const { book, costLines } = event;
  const lines = costLines.length === 0 ? "" : `,"lines":[${costLines.map(writeLine).join(",")}]`;
  return `{"currency":"usd","input":${writeAmount(input)},"output":${writeAmount(output)},"total":${writeAmount(
    total,
  )},"status":"priced","book":${quote(book)}${lines}}`;
}

function writeAmount(pico: bigint): string {
  const decimal = formatMoney(fromPico(pico));
  // So few digits are the shortest text of their number already; below a millionth numbers have an exponent.
  const isShortest = decimal.length <= 15 && !decimal.startsWith("0.000000");
  return `{"base":${isShortest ? decimal : String(Number(decimal))},"base_decimal":"${decimal}"}`;
}

/** What is the same in all lines of a rate. */
interface RateText extends Pick<CostLineText, "unit" | "direction" | "usd" | "per"> {
  readonly beforeCount: string;
  readonly beforeAmount: string;
  readonly afterAmount: string;
}

const RATES = new Map<string, RateText>();
const MOST_RATES = 1000;

function writeLine(line: CostLineText): string {
  if (line.multipliers.length > 0) return JSON.stringify(line);
  const { unit, direction, usd, per, rate_id } = line;
  let rate = RATES.get(rate_id);
  if (rate?.unit !== unit || rate.direction !== direction || rate.usd !== usd || rate.per !== per) {
    if (RATES.size >= MOST_RATES) RATES.clear();
    rate = {
      unit,
      direction,
      usd,
      per,
      beforeCount: `{"unit":${quote(unit)},"direction":${quote(direction)},"count":`,
      beforeAmount: `,"usd":${quote(usd)},"per":${quote(per)},"multipliers":[],"amount":`,
      afterAmount: `,"rate_id":${quote(rate_id)}}`,
    };
    RATES.set(rate_id, rate);
  }
  return `${rate.beforeCount}${line.count}${rate.beforeAmount}${quote(line.amount)}${rate.afterAmount}`;
}

const LIMITS = new WeakMap<object, string>();

/** Events that are charged alike mostly have one and the same object. */
function writeLimits(limits: StoredEvent["limits"]): string {
  let text = LIMITS.get(limits);
  if (text === undefined) {
    text = JSON.stringify(limits);
    LIMITS.set(limits, text);
  }
  return text;
}

function field(name: string, value: string | null): string {
  return value === null ? "" : `,"${name}":${quote(value)}`;
}

/** What JSON writes as it is. */
const PLAIN = /^[\w .:/@+-]*$/;

function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
