import { formatMoney, parseMoney } from "@payi/core/cost";
import { WireError, readCount, readObject, readTime, show } from "@payi/core/wire";

import { type NewCustomResource } from "../store/price.ts";

const MAX_UNITS = 200;
const UNIT_NAME = /^[\w.@:-]{1,128}$/;

/** The body of a new version of an organization's own resource (contract 2.3). `nowMs` is its start unless told. */
export function readResourceInput(
  body: unknown,
  name: { readonly category: string; readonly resource: string },
  nowMs: number,
): NewCustomResource {
  const given = readObject(body, "The resource");
  if (given["units"] === undefined || given["units"] === null) {
    throw new WireError(
      "required_field_missing",
      'units is required, such as {"text": {"input_price": 0.000003, "output_price": 0.000015}}.',
    );
  }
  const units: Record<string, { input?: string; output?: string }> = {};
  const entries = Object.entries(readObject(given["units"], "units"));
  if (entries.length === 0 || entries.length > MAX_UNITS) {
    throw invalid(`units names ${entries.length} units; a resource has a price for 1 to ${MAX_UNITS}.`);
  }
  for (const [unit, prices] of entries) {
    if (!UNIT_NAME.test(unit)) {
      throw invalid(`The unit name ${show(unit)} must be 1 to 128 letters, digits and _ . @ : - characters.`);
    }
    const { input_price: inputPrice, output_price: outputPrice } = readObject(prices, `units.${unit}`);
    const input = readPrice(inputPrice, `units.${unit}.input_price`);
    const output = readPrice(outputPrice, `units.${unit}.output_price`);
    if (input === undefined && output === undefined) {
      throw invalid(
        `units.${unit} has neither input_price nor output_price. Give one, or 0 for what is free.`,
      );
    }
    units[unit] = {
      ...(input === undefined ? {} : { input }),
      ...(output === undefined ? {} : { output }),
    };
  }
  return {
    ...name,
    units,
    startMs: readTime(given["start_timestamp"], "start_timestamp") ?? nowMs,
    maxInputUnits: readCount(given["max_input_units"], "max_input_units") ?? null,
    maxOutputUnits: readCount(given["max_output_units"], "max_output_units") ?? null,
    maxTotalUnits: readCount(given["max_total_units"], "max_total_units") ?? null,
  };
}

/** JavaScript prints the shortest decimal that reads back, which is the figure that was written. Exact text is taken too. */
function readPrice(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const rule = `${field} must be a price in USD for one unit, from 0 to 1000000, with at most 18 decimals, got ${show(value)}.`;
  if (typeof value !== "number" && typeof value !== "string") throw invalid(rule);
  const text = plainDecimal(String(value));
  if (text === undefined || (text.split(".")[1] ?? "").length > 18) throw invalid(rule);
  const amount = parseMoney(text);
  if (amount > parseMoney("1000000")) throw invalid(rule);
  return formatMoney(amount);
}

/** `1.5e-7` as `0.00000015`; undefined for anything that is no decimal from 0. */
function plainDecimal(text: string): string | undefined {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point >= digits.length) return digits.padEnd(point, "0");
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), "0");
  const at = Math.max(1, point);
  return `${padded.slice(0, at)}.${padded.slice(at)}`;
}

function invalid(message: string): WireError {
  return new WireError("invalid_resource", message);
}
