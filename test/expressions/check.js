/** Asks recheck about every regular expression of what is published; ends with 1 when one can be made slow. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parseSync } from "oxc-parser";
import { check } from "recheck";

const root = fileURLToPath(new URL("../../", import.meta.url));
const found = new Map();
for (const file of globSync("{packages/*/src,apps/server/src}/**/*.ts", { cwd: root })) {
  visit(parseSync(file, readFileSync(root + file, "utf8")).program, file);
}
const counts = { safe: 0, vulnerable: 0, refuted: 0, unknown: 0 };
/** What is superlinear takes far longer on the texts that recheck makes, which have some hundred thousand characters. */
const SLOW_MS = 100;
for (const [literal, { regex, file }] of found) {
  // oxlint-disable-next-line no-await-in-loop -- each takes a core
  const result = await check(regex.pattern, regex.flags, { timeout: 20_000 });
  const status =
    result.status === "vulnerable" && !isSlow(regex, result.attack.string) ? "refuted" : result.status;
  counts[status] += 1;
  if (status !== "safe") console.log(status, file, literal, result.attack?.pattern?.slice(0, 100) ?? "");
}
console.log(JSON.stringify({ expressions: found.size, ...counts }));
process.exitCode = counts.vulnerable === 0 ? 0 : 1;

/** A count of steps may be large for a text that is merely long: the engine itself decides. */
function isSlow({ pattern, flags }, text) {
  const started = process.cpuUsage();
  new RegExp(pattern, flags).test(text);
  return process.cpuUsage(started).user / 1000 > SLOW_MS;
}

function visit(node, file) {
  if (typeof node !== "object" || node === null) return;
  if (node.type === "Literal" && node.regex) found.set(node.raw, { regex: node.regex, file });
  for (const value of Object.values(node)) visit(value, file);
}
