import { Button } from "@base-ui/react/button";
import { type RequestSummary } from "@payi/core/wire";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { requestsQuery } from "../api.ts";
import { timeZone } from "../format-time.ts";
import { type Filter, NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { requestColumns } from "./request-columns.tsx";
import { useFreshRows } from "./use-fresh-rows.ts";
import { useIsNarrow } from "./use-is-narrow.ts";

import controls from "./controls.module.css";
import styles from "./request-table.module.css";

export interface RequestTableProps {
  readonly title: string;
  readonly filters?: readonly Filter[];
  readonly pageSize?: number;
  /** Stands instead of the button for more. */
  readonly foot?: ReactNode;
  readonly actions?: ReactNode;
}

/** Requests, newest first; a row opens the request. Rows that arrive meanwhile are marked. */
export function RequestTable({
  title,
  filters = NO_FILTERS,
  pageSize,
  foot,
  actions,
}: RequestTableProps): ReactNode {
  const { view, period, change } = useView();
  const requests = useInfiniteQuery(requestsQuery(period, filters, pageSize));
  const rows = requests.data?.pages.flatMap(({ items }) => items);
  const isFresh = useFreshRows(
    requests.isPlaceholderData ? undefined : requests.data?.pages[0]?.items,
    JSON.stringify([view.range, filters]),
  );
  const columns = requestColumns(view, useIsNarrow());
  return (
    <Panel
      title={title}
      note={`times in ${timeZone}`}
      actions={
        <>
          {actions}
          <ExportButton name="payi-requests" columns={columns} rows={rows ?? []} />
        </>
      }
    >
      <Pending query={requests} lines={8} />
      {rows === undefined ? null : rows.length === 0 ? (
        <NoRequests filters={filters} />
      ) : (
        <DataTable<RequestSummary>
          caption={title}
          columns={columns}
          rows={rows}
          rowKey={({ request_id: id }) => id}
          onOpen={({ request_id: id }) => change({ request: id })}
          isSelected={({ request_id: id }) => id === view.request}
          isFresh={isFresh}
        />
      )}
      {foot ?? null}
      {foot === undefined && requests.hasNextPage ? (
        <div className={styles["more"]}>
          <Button
            className={controls["button"]}
            disabled={requests.isFetchingNextPage}
            focusableWhenDisabled
            onClick={() => void requests.fetchNextPage()}
          >
            {requests.isFetchingNextPage ? "Loading…" : "Show older requests"}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function NoRequests({ filters }: { readonly filters: readonly Filter[] }): ReactNode {
  const { change } = useView();
  if (filters.length === 0) {
    return (
      <EmptyState title="No requests in this period">
        <p>
          Nothing happened between its two ends. A longer period may show more; new requests show by
          themselves.
        </p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No request fits these filters">
      <p>In this period none has all of the values asked for.</p>
      <p>
        <Button className={controls["button"]} onClick={() => change({ filters: [] })}>
          Remove all filters
        </Button>
      </p>
    </EmptyState>
  );
}
