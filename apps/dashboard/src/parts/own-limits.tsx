import { useQueries, useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { budgetsQuery, limitsQuery } from "../api-limits.ts";
import { type Limit } from "../limits.ts";
import { useNow, useView } from "../use-view.ts";
import { DataTable } from "./data-table.tsx";
import { limitColumns } from "./limit-columns.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";

const TICK_MS = 20_000;
const OWNED = { user: "user_id", account: "account_name", use_case: "use_case_name" } as const;

export interface OwnLimitsProps {
  readonly field: keyof typeof OWNED;
  readonly value: string;
  /** Where it has none, instead of nothing. */
  readonly none?: ReactNode;
}

/** The budgets that a user, an account or a use case has to itself. */
export function OwnLimits({ field, value, none }: OwnLimitsProps): ReactNode {
  const { view } = useView();
  const columns = limitColumns(view, useNow(TICK_MS));
  const all = useQuery(limitsQuery);
  const limits = (all.data ?? []).filter((limit) => isOwn(limit, field, value));
  const each = limits.filter(({ per }) => per === OWNED[field]);
  const answers = useQueries({ queries: each.map(({ id }) => budgetsQuery(id)) });
  const byId = new Map(
    each.map(({ id }, index) => [id, answers[index]?.data?.find((budget) => budget.value === value)]),
  );
  const rows = limits.flatMap((limit): readonly Limit[] => {
    if (limit.per !== OWNED[field]) return [limit];
    const budget = byId.get(limit.id);
    return budget === undefined ? [] : [{ ...limit, budget }];
  });
  if (rows.length === 0 && none === undefined) return null;
  return (
    <Panel title="Its limits">
      {none === undefined ? null : <Pending query={all} lines={3} />}
      {rows.length > 0 ? (
        <DataTable<Limit> caption="Its limits" columns={columns} rows={rows} rowKey={({ id }) => id} />
      ) : all.data === undefined ? null : (
        none
      )}
    </Panel>
  );
}

function isOwn({ per, selector }: Limit, field: OwnLimitsProps["field"], value: string): boolean {
  return (
    per === OWNED[field] || (selector ?? []).some((part) => part.field === field && part.value === value)
  );
}
