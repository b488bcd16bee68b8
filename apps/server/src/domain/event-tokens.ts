import { type Units } from "../store/usage.ts";

const TOKEN_UNIT = /^(?:text|reasoning|vision|audio|video)(?:_|$)/;
const KNOWN = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/** Tokens in and out over all units that are tokens; searches, guardrails and images are counted by themselves. */
export function countTokens(units: Units): { readonly input: number; readonly output: number } {
  let input = 0;
  let output = 0;
  for (const name of Object.keys(units)) {
    const counts = units[name];
    if (counts === undefined || !isToken(name)) continue;
    input += counts.input;
    output += counts.output;
  }
  return { input, output };
}

function isToken(name: string): boolean {
  let known = KNOWN.get(name);
  if (known === undefined) {
    if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
    known = TOKEN_UNIT.test(name);
    KNOWN.set(name, known);
  }
  return known;
}
