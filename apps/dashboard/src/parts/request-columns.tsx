import { type RequestSummary } from "@payi/core/wire";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { showCount, showDuration } from "../format.ts";
import { type View, linkTo, writeView } from "../url-state.ts";
import { STATUS_REASONS } from "../words.ts";
import { type Column } from "./column.ts";
import { Flags, listFlags } from "./flags.tsx";
import { Money } from "./money.tsx";
import { Time } from "./time.tsx";

import styles from "./request-columns.module.css";

/** On a narrow screen the first columns are all one sees. */
const NARROW_ORDER = ["time", "cost", "use_case"];

/** A list of requests; the time opens the request, names narrow or lead on. */
export function requestColumns(view: View, isNarrow: boolean): readonly Column<RequestSummary>[] {
  const columns = wideColumns(view);
  if (!isNarrow) return columns;
  return columns.toSorted((left, right) => narrowPlace(left.id) - narrowPlace(right.id));
}

function narrowPlace(id: string): number {
  const place = NARROW_ORDER.indexOf(id);
  return place < 0 ? NARROW_ORDER.length : place;
}

function wideColumns(view: View): readonly Column<RequestSummary>[] {
  return [
    {
      id: "time",
      header: "Time",
      value: ({ time }) => time,
      cell: (request) => (
        <Link
          className={styles["time"]}
          to={{ search: openSearch(view, request.request_id) }}
          preventScrollReset
        >
          <Time at={request.time} />
        </Link>
      ),
    },
    {
      id: "use_case",
      header: "Use case",
      value: ({ use_case_name: name }) => name,
      cell: (request) => <UseCase request={request} view={view} />,
    },
    {
      id: "user",
      header: "User",
      value: ({ user_id: user }) => user,
      cell: ({ user_id: user, account_name: account }) => (
        <span className={styles["who"]}>
          <Text value={user} missing="no user" />
          {account === null ? null : <span className={styles["quiet"]}>{account}</span>}
        </span>
      ),
    },
    {
      id: "resource",
      header: "Resource",
      value: ({ resource }) => resource,
      cell: ({ resource, category }) => (
        <span className={styles["who"]}>
          <Text value={resource} missing="no resource" />
          <span className={styles["quiet"]}>{category}</span>
        </span>
      ),
    },
    {
      id: "input",
      header: "In",
      hint: "Input tokens, cached ones included",
      align: "right",
      value: ({ tokens_input: tokens }) => tokens,
      cell: ({ tokens_input: tokens }) => showCount(tokens),
    },
    {
      id: "output",
      header: "Out",
      hint: "Output tokens",
      align: "right",
      value: ({ tokens_output: tokens }) => tokens,
      cell: ({ tokens_output: tokens }) => showCount(tokens),
    },
    {
      id: "cost",
      header: "Cost",
      align: "right",
      order: "amount",
      value: ({ cost }) => cost,
      cell: (request) => <Money amount={request.cost} reason={whyNoCost(request)} aligned />,
    },
    {
      id: "latency",
      header: "Latency",
      align: "right",
      value: ({ latency_ms: latency }) => latency,
      cell: ({ latency_ms: latency }) => showDuration(latency),
    },
    {
      id: "flags",
      header: "Flags",
      value: (request) => listFlags(request).join(" "),
      cell: (request) => <Flags request={request} />,
    },
  ];
}

/** Why a request has no cost; undefined when it has one. */
export function whyNoCost(request: RequestSummary): string | undefined {
  if (request.cost !== null || request.status === "priced") return undefined;
  return STATUS_REASONS[request.status];
}

/** The query string of the same view with a request open. */
function openSearch(view: View, requestId: string): string {
  return writeView({ ...view, request: requestId }).toString();
}

function UseCase({ request, view }: { readonly request: RequestSummary; readonly view: View }): ReactNode {
  const { use_case_name: name, use_case_id: id, use_case_step: step } = request;
  if (name === null) return <Text value={null} missing="no use case" />;
  const path = `/use-cases/${encodeURIComponent(name)}${id === null ? "" : `/${encodeURIComponent(id)}`}`;
  return (
    <span className={styles["who"]}>
      <Link className={styles["link"]} to={linkTo(path, view)} title={name}>
        {name}
      </Link>
      {step === null ? null : <span className={styles["quiet"]}>{step}</span>}
    </span>
  );
}

function Text({ value, missing }: { readonly value: string | null; readonly missing: string }): ReactNode {
  if (value === null || value === "") return <span className={styles["missing"]}>{missing}</span>;
  return (
    <span className={styles["text"]} title={value}>
      {value}
    </span>
  );
}
