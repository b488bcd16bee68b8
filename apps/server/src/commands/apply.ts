/* oxlint-disable no-await-in-loop -- later changes need earlier ones, and a refusal stops them */
import { encodePlan, printPlan } from "../setup/print-plan.ts";
import { readArguments } from "./arguments.ts";
import { openPlan } from "./setup-plan.ts";

/** `payi apply [FILE] [--prune] [--json]`: shows the plan, then makes it so. The same again changes nothing. */
export async function apply(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, { prune: { type: "boolean" }, json: { type: "boolean" } });
  const { platform, changes } = await openPlan(words[0], options["prune"] === true);
  process.stdout.write(options["json"] === true ? encodePlan(changes) : printPlan(changes));
  const due = changes.filter(({ action }) => action !== "keep");
  for (const change of due) await change.apply(platform);
  if (options["json"] !== true && due.length > 0) {
    process.stdout.write(`Done: ${due.length} ${due.length === 1 ? "change" : "changes"}.\n`);
  }
  return 0;
}
