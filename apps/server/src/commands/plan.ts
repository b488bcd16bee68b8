import { encodePlan, printPlan } from "../setup/print-plan.ts";
import { readArguments } from "./arguments.ts";
import { openPlan } from "./setup-plan.ts";

/** `payi plan [FILE] [--check] [--prune] [--json]`: what `payi apply` would do. With --check, 2 when that is anything. */
export async function plan(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, {
    check: { type: "boolean" },
    prune: { type: "boolean" },
    json: { type: "boolean" },
  });
  const { changes } = await openPlan(words[0], options["prune"] === true);
  process.stdout.write(options["json"] === true ? encodePlan(changes) : printPlan(changes));
  const drifted = changes.some(({ action }) => action !== "keep");
  return options["check"] === true && drifted ? 2 : 0;
}
