import { type Change } from "./change.ts";

const SIGNS = { create: "+", update: "~", delete: "-" } as const;

/** The plan for a person: what is not as it should be, and how many things are. */
export function printPlan(changes: readonly Change[]): string {
  const lines: string[] = [];
  for (const { action, kind, name, fields } of changes) {
    if (action === "keep") continue;
    lines.push(`${SIGNS[action]} ${kind} ${name}`);
    for (const { field, before, after } of fields) {
      const from = action === "create" ? "" : `${JSON.stringify(before)} → `;
      lines.push(`    ${field}: ${from}${JSON.stringify(after)}`);
    }
  }
  const count = (action: Change["action"]) => changes.filter((change) => change.action === action).length;
  const deleted = count("delete") === 0 ? "" : `, ${count("delete")} to delete`;
  const summary = `${count("create")} to create, ${count("update")} to change${deleted}, ${count("keep")} as they should be.`;
  return `${[...lines, summary].join("\n")}\n`;
}

/** The plan for a program. */
export function encodePlan(changes: readonly Change[]): string {
  const entries = changes.map(({ kind, name, action, fields }) => ({ kind, name, action, fields }));
  return `${JSON.stringify({ changes: entries }, null, 2)}\n`;
}
