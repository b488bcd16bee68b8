import { type BinaryOperator, type Equation, type Metric } from "./equation.ts";
import { ONE, type Rational, ZERO, add, compare, divide, multiply, negate } from "./rational.ts";

/** What is known of one instance. Absent is unknown. */
export interface Facts {
  readonly metrics: Readonly<Partial<Record<Metric, Rational>>>;
  readonly kpis: ReadonlyMap<string, Rational>;
}

/** A value, or what is missing for one. */
export type Evaluation = { readonly value: Rational } | { readonly unknown: string };

/** What `equation` is for `facts`. Never throws: a division by 0 is unknown as well. */
export function evaluate(equation: Equation, facts: Facts): Evaluation {
  if (equation.kind === "number") return { value: equation.value };
  if (equation.kind === "metric") return told(facts.metrics[equation.name], `${equation.name} is not known`);
  if (equation.kind === "kpi") {
    return told(facts.kpis.get(equation.name), `the KPI ${JSON.stringify(equation.name)} has no score`);
  }
  if (equation.kind === "negate") return map(evaluate(equation.of, facts), negate);
  return equation.kind === "binary" ? binary(equation, facts) : call(equation, facts);
}

const OPERATIONS: Readonly<Record<BinaryOperator, (left: Rational, right: Rational) => Rational>> = {
  "+": add,
  "-": (left, right) => add(left, negate(right)),
  "*": multiply,
  "/": divide,
  "<": (left, right) => flag(compare(left, right) < 0),
  "<=": (left, right) => flag(compare(left, right) <= 0),
  ">": (left, right) => flag(compare(left, right) > 0),
  ">=": (left, right) => flag(compare(left, right) >= 0),
  "==": (left, right) => flag(compare(left, right) === 0),
  "!=": (left, right) => flag(compare(left, right) !== 0),
};

function binary(equation: Extract<Equation, { kind: "binary" }>, facts: Facts): Evaluation {
  const left = evaluate(equation.left, facts);
  if ("unknown" in left) return left;
  const right = evaluate(equation.right, facts);
  if ("unknown" in right) return right;
  if (equation.operator === "/" && right.value.numerator === 0n) return { unknown: "it would divide by 0" };
  return { value: OPERATIONS[equation.operator](left.value, right.value) };
}

function call(equation: Extract<Equation, { kind: "call" }>, facts: Facts): Evaluation {
  const { name, values } = equation;
  const [first, second, third] = values;
  if (name === "known") {
    const given = part(first, facts);
    return "unknown" in given ? part(second, facts) : given;
  }
  if (name === "if") {
    const condition = part(first, facts);
    if ("unknown" in condition) return condition;
    // The branch that is not taken may be unknown.
    return part(condition.value.numerator === 0n ? third : second, facts);
  }
  const sign = name === "min" ? -1 : 1;
  let best = part(first, facts);
  for (const value of values.slice(1)) {
    const next = evaluate(value, facts);
    if ("unknown" in best) return best;
    if ("unknown" in next) return next;
    if (compare(next.value, best.value) === sign) best = next;
  }
  return best;
}

/** The parser has counted the values of every function. */
function part(equation: Equation | undefined, facts: Facts): Evaluation {
  return equation === undefined ? { unknown: "a value is missing" } : evaluate(equation, facts);
}

function told(value: Rational | undefined, missing: string): Evaluation {
  return value === undefined ? { unknown: missing } : { value };
}

function map(evaluation: Evaluation, change: (value: Rational) => Rational): Evaluation {
  return "unknown" in evaluation ? evaluation : { value: change(evaluation.value) };
}

function flag(is: boolean): Rational {
  return is ? ONE : ZERO;
}
