import { type RequestSummary } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { WaterfallBar, type WaterfallSpan } from "../charts/waterfall.tsx";
import { showCount, showDuration } from "../format.ts";
import { type View, writeView } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { ExportButton } from "./export-button.tsx";
import { Flags } from "./flags.tsx";
import { Money } from "./money.tsx";
import { Panel } from "./panel.tsx";
import { whyNoCost } from "./request-columns.tsx";

import styles from "./call-waterfall.module.css";

interface Call {
  readonly place: number;
  readonly request: RequestSummary;
  readonly span: WaterfallSpan;
}

/** The calls of an instance in order of time: when each ran, how long it took, and what it cost. */
export function CallWaterfall({ calls }: { readonly calls: readonly RequestSummary[] }): ReactNode {
  const { view, change } = useView();
  const begin = Math.min(...calls.map(({ time }) => Date.parse(time)));
  const end = Math.max(...calls.map(({ time, latency_ms: latency }) => Date.parse(time) + (latency ?? 0)));
  const rows = calls.map((request, index) => ({ place: index + 1, request, span: spanOf(request, begin) }));
  const columns = callColumns(view, end - begin);
  return (
    <Panel
      title="Calls"
      note={`${showCount(calls.length)} in ${showDuration(end - begin)}`}
      actions={<ExportButton name="payi-calls" columns={columns} rows={rows} />}
    >
      <DataTable<Call>
        caption="Calls in order of time"
        columns={columns}
        rows={rows}
        rowKey={({ request }) => request.request_id}
        onOpen={({ request }) => change({ request: request.request_id })}
        isSelected={({ request }) => request.request_id === view.request}
      />
    </Panel>
  );
}

function callColumns(view: View, total: number): readonly Column<Call>[] {
  return [
    { id: "place", header: "#", align: "right", value: ({ place }) => place },
    {
      id: "call",
      header: "Call",
      value: ({ request }) => request.use_case_step ?? request.resource,
      cell: ({ request }) => (
        <span className={styles["call"]}>
          <Link
            className={styles["link"]}
            to={{ search: writeView({ ...view, request: request.request_id }).toString() }}
            preventScrollReset
          >
            {request.use_case_step ?? request.resource ?? "call"}
          </Link>
          {request.use_case_step === null ? null : (
            <span className={styles["resource"]}>{request.resource}</span>
          )}
        </span>
      ),
    },
    {
      id: "time",
      header: "When",
      value: ({ request }) => request.time,
      cell: ({ span }) => <WaterfallBar span={span} total={total} />,
    },
    {
      id: "latency",
      header: "Latency",
      align: "right",
      value: ({ request }) => request.latency_ms,
      cell: ({ request }) => showDuration(request.latency_ms),
    },
    {
      id: "tokens",
      header: "In / out",
      hint: "Tokens",
      align: "right",
      value: ({ request }) => request.tokens_input + request.tokens_output,
      cell: ({ request }) => `${showCount(request.tokens_input)} / ${showCount(request.tokens_output)}`,
    },
    {
      id: "cost",
      header: "Cost",
      align: "right",
      order: "amount",
      value: ({ request }) => request.cost,
      cell: ({ request }) => <Money amount={request.cost} reason={whyNoCost(request)} aligned />,
    },
    {
      id: "flags",
      header: "Flags",
      value: ({ request }) => request.outcome,
      cell: ({ request }) => <Flags request={request} />,
    },
  ];
}

function spanOf(request: RequestSummary, begin: number): WaterfallSpan {
  const start = Date.parse(request.time) - begin;
  const length = request.latency_ms ?? 0;
  const firstToken = request.time_to_first_token_ms;
  const first = firstToken === null ? "" : `, first token after ${showDuration(firstToken)}`;
  return {
    start,
    length,
    firstPart: firstToken,
    tone: request.outcome === "ok" || request.outcome === null ? "ordinary" : "bad",
    label: `Starts after ${showDuration(start)}, takes ${showDuration(request.latency_ms)}${first}`,
  };
}
