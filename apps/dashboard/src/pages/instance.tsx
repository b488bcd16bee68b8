import { type InstanceDetail } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link, useParams } from "react-router";

import { meanAmount } from "../amounts.ts";
import { instanceQuery } from "../api.ts";
import { showCompactCount, showCount, showDuration, showNumber } from "../format.ts";
import { countPriced } from "../measures.ts";
import { CallWaterfall } from "../parts/call-waterfall.tsx";
import { CopyCommand } from "../parts/copy-command.tsx";
import { DemoDataMark } from "../parts/demo-data.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Facts } from "../parts/facts.tsx";
import { ScoreValue } from "../parts/kpi-scores.tsx";
import { Money, whyUnknown } from "../parts/money.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { Pending } from "../parts/pending.tsx";
import { RequestDrawer } from "../parts/request-drawer.tsx";
import { Stat, Stats } from "../parts/stat.tsx";
import { Time } from "../parts/time.tsx";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import styles from "./instance.module.css";

/** One instance: its calls in order, what each cost, what came of it, and whose it was. */
export function InstancePage(): ReactNode {
  const { name = "", id = "" } = useParams();
  const { view } = useView();
  const instance = useQuery(instanceQuery(name, id));
  const detail = instance.data;
  return (
    <>
      <PageHeader
        title="Instance"
        hasRange={false}
        note={<code>{id}</code>}
        trail={[
          { name: "Use cases", to: linkTo("/use-cases", view) },
          { name, to: linkTo(`/use-cases/${encodeURIComponent(name)}`, view) },
        ]}
      />
      <Pending query={instance} lines={8} />
      {detail === undefined ? null : <Detail detail={detail} />}
      <RequestDrawer />
    </>
  );
}

function Detail({ detail }: { readonly detail: InstanceDetail }): ReactNode {
  return (
    <>
      {detail.calls.some(({ seeded }) => seeded) ? <DemoDataMark /> : null}
      <InstanceStats detail={detail} />
      {detail.calls.length === 0 ? (
        <Panel title="Calls">
          <EmptyState title="No calls yet">
            <p>This instance exists, but no request of it has arrived.</p>
          </EmptyState>
        </Panel>
      ) : (
        <CallWaterfall calls={detail.calls} />
      )}
      <div className={styles["columns"]}>
        <Scores detail={detail} />
        <Panel title="Belongs to">
          <div className={styles["inset"]}>
            <Owner detail={detail} />
          </div>
        </Panel>
        <Panel title="Properties">
          <div className={styles["inset"]}>
            <Facts facts={Object.entries(detail.properties).map(([name, value]) => ({ name, value }))} />
          </div>
        </Panel>
      </div>
    </>
  );
}

function InstanceStats({ detail }: { readonly detail: InstanceDetail }): ReactNode {
  const span = Date.parse(detail.last_seen) - Date.parse(detail.started);
  return (
    <Stats>
      <Stat
        name="Cost"
        note={detail.unpriced > 0 ? `without ${showCount(detail.unpriced)} unpriced` : undefined}
      >
        <Money amount={detail.cost} reason={whyUnknown(detail)} />
      </Stat>
      <Stat name="Calls" note={detail.errors > 0 ? `${showCount(detail.errors)} failed` : undefined}>
        {showCount(detail.requests)}
      </Stat>
      <Stat name="Cost per call">
        <Money amount={meanAmount(detail.cost, countPriced(detail))} reason={whyUnknown(detail)} />
      </Stat>
      <Stat
        name="Tokens"
        note={`${showCount(detail.tokens_input)} in, ${showCount(detail.tokens_output)} out`}
      >
        {showCompactCount(detail.tokens_input + detail.tokens_output)}
      </Stat>
      <Stat name="Mean latency" note={span > 0 ? `seen over ${showDuration(span)}` : undefined}>
        {showDuration(detail.latency_ms)}
      </Stat>
    </Stats>
  );
}

function Scores({ detail }: { readonly detail: InstanceDetail }): ReactNode {
  return (
    <Panel title="KPI scores">
      {detail.kpis.length === 0 ? (
        <EmptyState title="Not scored yet">
          <p>A score may come at any time, also days later:</p>
          <CopyCommand
            text={`curl -X PUT ${globalThis.location.origin}/api/v1/use_cases/instances/${encodeURIComponent(detail.use_case_name)}/${encodeURIComponent(detail.use_case_id)}/kpis/search_success \\
  -H "xProxy-api-key: $PAYI_API_KEY" -H "content-type: application/json" -d '{"score": 1}'`}
          />
        </EmptyState>
      ) : (
        <div className={styles["inset"]}>
          <Facts
            facts={detail.kpis.map((score) => ({
              name: score.kpi_name,
              value: (
                <span className={styles["score"]}>
                  <ScoreValue score={score} />
                  <span className={styles["quiet"]}>
                    goal {score.kpi_type === "boolean" ? "yes" : showNumber(score.goal)}, scored{" "}
                    <Time at={score.update_timestamp} />
                  </span>
                </span>
              ),
            }))}
          />
        </div>
      )}
    </Panel>
  );
}

function Owner({ detail }: { readonly detail: InstanceDetail }): ReactNode {
  const { view } = useView();
  const { user_id: user, account_name: account } = detail;
  const narrowed = (field: "user" | "account", value: string): ReactNode => (
    <Link className={styles["link"]} to={linkTo("/requests", view, { filters: [{ field, value }] })}>
      {value}
    </Link>
  );
  return (
    <Facts
      facts={[
        { name: "User", value: user === null ? null : narrowed("user", user) },
        { name: "Account", value: account === null ? null : narrowed("account", account) },
        { name: "Version", value: detail.use_case_version },
        { name: "Limit", value: detail.limit_id === null ? null : <code>{detail.limit_id}</code> },
        { name: "Started", value: <Time at={detail.started} /> },
        { name: "Last seen", value: <Time at={detail.last_seen} /> },
      ]}
    />
  );
}
