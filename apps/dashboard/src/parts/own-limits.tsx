import { useQueries, useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { budgetsQuery, limitsQuery } from "../api-limits.ts";
import { type Limit } from "../limits.ts";
import { useNow, useView } from "../use-view.ts";
import { DataTable } from "./data-table.tsx";
import { limitColumns } from "./limit-columns.tsx";
import { Panel } from "./panel.tsx";

const TICK_MS = 20_000;
const OWNED = { user: "user_id", account: "account_name" } as const;

export interface OwnLimitsProps {
  readonly field: keyof typeof OWNED;
  readonly value: string;
}

/** The budgets that a user or an account has to itself; nothing where it has none. */
export function OwnLimits({ field, value }: OwnLimitsProps): ReactNode {
  const { view } = useView();
  const columns = limitColumns(view, useNow(TICK_MS));
  const limits = (useQuery(limitsQuery).data ?? []).filter((limit) => isOwn(limit, field, value));
  const each = limits.filter(({ per }) => per !== null);
  const answers = useQueries({ queries: each.map(({ id }) => budgetsQuery(id)) });
  const byId = new Map(
    each.map(({ id }, index) => [id, answers[index]?.data?.find((budget) => budget.value === value)]),
  );
  const rows = limits.flatMap((limit): readonly Limit[] => {
    if (limit.per === null) return [limit];
    const budget = byId.get(limit.id);
    return budget === undefined ? [] : [{ ...limit, budget }];
  });
  if (rows.length === 0) return null;
  return (
    <Panel title="Its limits">
      <DataTable<Limit> caption="Its limits" columns={columns} rows={rows} rowKey={({ id }) => id} />
    </Panel>
  );
}

function isOwn({ per, selector }: Limit, field: OwnLimitsProps["field"], value: string): boolean {
  return (
    per === OWNED[field] || (selector ?? []).some((part) => part.field === field && part.value === value)
  );
}
