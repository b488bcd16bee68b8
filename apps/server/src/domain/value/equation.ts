/**
 * Business equations as data: what one instance was worth, over its KPIs, what the platform measured, and constants.
 *
 * ```
 * if(kpi.resolved, 12.50, 0) - cost
 * kpi["satisfaction"] / 5 * 3 + min(requests, 10) * 0.1
 * ```
 *
 * Operators `+ - * /`, comparisons `< <= > >= == !=` (1 or 0), brackets, `min(…)`, `max(…)`, `if(condition, then, else)`
 * and `known(value, otherwise)`. Invariants: no step rounds; what is unknown makes unknown whatever needs it, and never
 * counts as 0 unless `known` says so; an equation cannot loop, call or reach anything.
 */
import { WireError } from "@payi/core/wire";

import { type Rational, parseRational } from "./rational.ts";

/** What the platform measures of every instance. Money in USD, durations in milliseconds. */
export const METRICS = [
  "cost",
  "cost_input",
  "cost_output",
  "requests",
  "errors",
  "tokens_input",
  "tokens_output",
  "latency_ms",
  "duration_ms",
] as const;
export type Metric = (typeof METRICS)[number];

export type BinaryOperator = "+" | "-" | "*" | "/" | "<" | "<=" | ">" | ">=" | "==" | "!=";
export type FunctionName = "min" | "max" | "if" | "known";

export type Equation =
  | { readonly kind: "number"; readonly value: Rational }
  | { readonly kind: "metric"; readonly name: Metric }
  | { readonly kind: "kpi"; readonly name: string }
  | { readonly kind: "negate"; readonly of: Equation }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Equation;
      readonly right: Equation;
    }
  | { readonly kind: "call"; readonly name: FunctionName; readonly values: readonly Equation[] };

const MAX_LENGTH = 2000;
const MAX_DEPTH = 50;
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)|("(?:[^"\\]|\\.)*")|([A-Za-z_]\w*)|(<=|>=|==|!=|[-+*/()<>,.[\]]))/y;
const COMPARISONS: ReadonlySet<string> = new Set(["<", "<=", ">", ">=", "==", "!="]);
const ARGUMENTS: Readonly<Record<FunctionName, readonly [least: number, most: number]>> = {
  min: [1, 16],
  max: [1, 16],
  if: [3, 3],
  known: [2, 2],
};

/** @throws {WireError} `invalid_value_policy`, saying where the text went wrong and what could stand there. */
export function parseEquation(text: string): Equation {
  if (text.length > MAX_LENGTH) {
    throw invalid(`The equation has ${text.length} characters; at most ${MAX_LENGTH} are accepted.`);
  }
  return new Parser(text).whole();
}

/** The KPIs that an equation reads, each once. */
export function kpisOf(equation: Equation): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (part: Equation): void => {
    if (part.kind === "kpi") names.add(part.name);
    else if (part.kind === "negate") visit(part.of);
    else if (part.kind === "call") for (const value of part.values) visit(value);
    else if (part.kind === "binary") {
      visit(part.left);
      visit(part.right);
    }
  };
  visit(equation);
  return names;
}

interface Token {
  readonly text: string;
  readonly kind: "number" | "text" | "name" | "sign" | "end";
  readonly at: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  whole(): Equation {
    const equation = this.#comparison();
    if (this.#peek().kind !== "end") this.#refuse("an operator or the end");
    return equation;
  }

  #comparison(): Equation {
    const left = this.#sum();
    if (!COMPARISONS.has(this.#peek().text)) return left;
    const operator = this.#take().text as BinaryOperator;
    return { kind: "binary", operator, left, right: this.#sum() };
  }

  #sum(): Equation {
    let left = this.#product();
    while (this.#is("+") || this.#is("-")) {
      const operator = this.#take().text as BinaryOperator;
      left = { kind: "binary", operator, left, right: this.#product() };
    }
    return left;
  }

  #product(): Equation {
    let left = this.#factor();
    while (this.#is("*") || this.#is("/")) {
      const operator = this.#take().text as BinaryOperator;
      left = { kind: "binary", operator, left, right: this.#factor() };
    }
    return left;
  }

  #factor(): Equation {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw invalid(`The equation is nested deeper than ${MAX_DEPTH} levels.`);
    const token = this.#take();
    let factor: Equation;
    if (token.text === "-" && token.kind === "sign") factor = { kind: "negate", of: this.#factor() };
    else if (token.text === "(" && token.kind === "sign") {
      factor = this.#comparison();
      this.#expect(")");
    } else if (token.kind === "number") factor = { kind: "number", value: parseRational(token.text) };
    else if (token.kind === "name") factor = this.#named(token);
    else {
      this.#next -= 1;
      return this.#refuse("a number, a metric, kpi.<name>, a function or a bracket");
    }
    this.#depth -= 1;
    return factor;
  }

  #named(token: Token): Equation {
    const name = token.text;
    if (name === "kpi") return { kind: "kpi", name: this.#kpiName() };
    if (Object.hasOwn(ARGUMENTS, name)) return this.#call(name as FunctionName, token);
    const metric = METRICS.find((one) => one === name);
    if (metric !== undefined) return { kind: "metric", name: metric };
    throw invalid(
      `${JSON.stringify(name)} at character ${token.at + 1} is unknown. Use kpi.<name>, one of ${METRICS.join(", ")}, or a function: ${Object.keys(ARGUMENTS).join(", ")}.`,
    );
  }

  #kpiName(): string {
    if (this.#is(".")) {
      this.#take();
      if (this.#peek().kind !== "name") this.#refuse("the name of a KPI");
      return this.#take().text;
    }
    this.#expect("[");
    if (this.#peek().kind !== "text") this.#refuse("the name of a KPI in quotes");
    // A backslash takes the character after it as it is.
    const name = this.#take().text.slice(1, -1).replaceAll(/\\(.)/g, "$1");
    this.#expect("]");
    return name;
  }

  #call(name: FunctionName, token: Token): Equation {
    const values: Equation[] = [];
    this.#expect("(");
    do {
      if (values.length > 0) this.#take();
      values.push(this.#comparison());
    } while (this.#is(","));
    this.#expect(")");
    const [least, most] = ARGUMENTS[name];
    if (values.length >= least && values.length <= most) return { kind: "call", name, values };
    const rule = least === most ? `${least}` : `${least} to ${most}`;
    throw invalid(`${name} at character ${token.at + 1} has ${values.length} values; it takes ${rule}.`);
  }

  #is(sign: string): boolean {
    const token = this.#peek();
    return token.kind === "sign" && token.text === sign;
  }

  #expect(sign: string): void {
    if (!this.#is(sign)) this.#refuse(JSON.stringify(sign));
    this.#next += 1;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { text: "", kind: "end", at: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #refuse(wanted: string): never {
    const { kind, text, at } = this.#peek();
    const found = kind === "end" ? "the end" : JSON.stringify(text);
    throw invalid(`At character ${at + 1} stands ${found}; expected ${wanted}.`);
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) {
      if (text.slice(at).trim() === "") break;
      throw invalid(
        `At character ${at + 1} stands ${JSON.stringify(text.slice(at).trim()[0])}, which no equation has.`,
      );
    }
    const [all, number, quoted, name, sign = ""] = match;
    const value = number ?? quoted ?? name ?? sign;
    const kind =
      number !== undefined ? "number" : quoted !== undefined ? "text" : name !== undefined ? "name" : "sign";
    tokens.push({ text: value, kind, at: at + all.length - value.length });
    at = TOKEN.lastIndex;
  }
  tokens.push({ text: "", kind: "end", at: text.length });
  return tokens;
}

function invalid(message: string): WireError {
  return new WireError("invalid_value_policy", message);
}
