import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { shareOf } from "../amounts.ts";
import { limitsQuery } from "../api-limits.ts";
import { type Limit, isAtRisk, usedOf } from "../limits.ts";
import { linkTo } from "../url-state.ts";
import { useNow, useView } from "../use-view.ts";
import { DataTable } from "./data-table.tsx";
import { limitColumns } from "./limit-columns.tsx";
import { Panel } from "./panel.tsx";

import controls from "./controls.module.css";

const TICK_MS = 20_000;
const SHOWN = 5;
const COLUMNS: ReadonlySet<string> = new Set(["name", "used", "type", "left", "resets", "refused"]);

/** Limits that are used up, warn, or will be passed at this pace, the fullest first; nothing where none is. */
export function LimitsAtRisk(): ReactNode {
  const { view } = useView();
  const now = useNow(TICK_MS);
  const limits = useQuery(limitsQuery).data ?? [];
  const rows = limits
    .filter((limit) => isAtRisk(limit, now))
    .toSorted((left, right) => shareUsed(right) - shareUsed(left));
  if (rows.length === 0) return null;
  return (
    <Panel
      title="Limits at risk"
      note={rows.length > SHOWN ? `${SHOWN} of ${rows.length}` : "used up, above a threshold, or soon to be"}
      actions={
        <Link className={controls["textLink"]} to={linkTo("/limits", view)}>
          All limits
        </Link>
      }
    >
      <DataTable<Limit>
        caption="Limits at risk"
        columns={limitColumns(view, now).filter(({ id }) => COLUMNS.has(id))}
        rows={rows.slice(0, SHOWN)}
        rowKey={({ id }) => id}
      />
    </Panel>
  );
}

function shareUsed({ budget }: Limit): number {
  return shareOf(usedOf(budget), budget.max) ?? 0;
}
