import { type Units } from "../store/usage.ts";

const TOKEN_UNIT = /^(?:text|reasoning|vision|audio|video)(?:_|$)/;

/** Tokens in and out over all units that are tokens; searches, guardrails and images are counted by themselves. */
export function countTokens(units: Units): { readonly input: number; readonly output: number } {
  let input = 0;
  let output = 0;
  for (const [name, counts] of Object.entries(units)) {
    if (!TOKEN_UNIT.test(name)) continue;
    input += counts.input;
    output += counts.output;
  }
  return { input, output };
}
