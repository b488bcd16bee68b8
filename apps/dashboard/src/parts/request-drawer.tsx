import { Dialog } from "@base-ui/react/dialog";
import { type RequestDetail } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { requestQuery } from "../api.ts";
import { showCount, showDuration } from "../format.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { SOURCE_NAMES } from "../words.ts";
import { CostLines } from "./cost-lines.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { Flags } from "./flags.tsx";
import { Money } from "./money.tsx";
import { Pending } from "./pending.tsx";
import { RequestActions } from "./request-actions.tsx";
import { whyNoCost } from "./request-columns.tsx";
import { RequestLimits } from "./request-limits.tsx";
import { Time } from "./time.tsx";
import { UnpricedRequest } from "./unpriced-request.tsx";

import controls from "./controls.module.css";
import dialog from "./dialog.module.css";
import styles from "./request-drawer.module.css";

/** The request that the URL names, beside whatever page is open; nothing when it names none. */
export function RequestDrawer(): ReactNode {
  const { view, change } = useView();
  const id = view.request;
  return (
    <Dialog.Root
      open={id !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) change({ request: undefined });
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={dialog["backdrop"]} />
        <Dialog.Popup className={styles["drawer"]}>
          <div className={styles["bar"]}>
            <Dialog.Title className={styles["title"]}>Request</Dialog.Title>
            <Dialog.Close className={controls["iconButton"]} aria-label="Close">
              <X size={16} aria-hidden="true" />
            </Dialog.Close>
          </div>
          {id === undefined ? null : <DrawerBody id={id} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function DrawerBody({ id }: { readonly id: string }): ReactNode {
  const request = useQuery(requestQuery(id));
  if (request.data === undefined) return <Pending query={request} lines={8} />;
  return <Details request={request.data} />;
}

function Details({ request }: { readonly request: RequestDetail }): ReactNode {
  return (
    <div className={styles["body"]}>
      <div className={styles["head"]}>
        <span className={styles["cost"]}>
          <Money amount={request.cost} reason={whyNoCost(request)} />
        </span>
        <span className={styles["resource"]}>{request.resource ?? "no resource"}</span>
        <Flags request={request} />
        {request.failure === null ? null : <p className={styles["failure"]}>{request.failure}</p>}
        {request.failure_description === null ? null : <p>{request.failure_description}</p>}
        <UnpricedRequest request={request} />
        <RequestActions request={request} />
      </div>
      <CostLines request={request} />
      <section>
        <h3 className={styles["heading"]}>Belongs to</h3>
        <Belongings request={request} />
      </section>
      <RequestLimits limits={request.limits} />
      <section>
        <h3 className={styles["heading"]}>Call</h3>
        <Facts facts={callFacts(request)} />
      </section>
      <Properties title="Properties" properties={request.properties} />
      <Properties title="Use case properties" properties={request.use_case_properties} />
      <Words title="Prompt" text={request.provider_request_json} />
      <Words title="Reasoning" text={request.provider_request_reasoning_json} />
      <Words title="Answer" text={request.provider_response_json} />
      {request.function_calls.length === 0 ? null : (
        <section>
          <h3 className={styles["heading"]}>Function calls</h3>
          <pre className={styles["code"]} tabIndex={0}>
            {request.function_calls.map(({ name, arguments: given }) => `${name}(${given ?? ""})`).join("\n")}
          </pre>
        </section>
      )}
    </div>
  );
}

/** What was said in the call; nothing where it is not kept. */
function Words({ title, text }: { readonly title: string; readonly text: string | null }): ReactNode {
  if (text === null) return null;
  return (
    <section>
      <h3 className={styles["heading"]}>{title}</h3>
      <pre className={styles["code"]} tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}

function Belongings({ request }: { readonly request: RequestDetail }): ReactNode {
  const { view } = useView();
  const { use_case_name: name, use_case_id: id, user_id: user, account_name: account } = request;
  const narrowed = (field: "user" | "account", value: string): ReactNode => (
    <Link className={styles["link"]} to={linkTo("/requests", view, { filters: [{ field, value }] })}>
      {value}
    </Link>
  );
  const useCase = name === null ? undefined : `/use-cases/${encodeURIComponent(name)}`;
  return (
    <Facts
      facts={[
        {
          name: "Use case",
          value:
            useCase === undefined ? null : (
              <Link className={styles["link"]} to={linkTo(useCase, view)}>
                {name}
              </Link>
            ),
        },
        {
          name: "Instance",
          value:
            useCase === undefined || id === null ? null : (
              <Link className={styles["link"]} to={linkTo(`${useCase}/${encodeURIComponent(id)}`, view)}>
                <code>{id}</code>
              </Link>
            ),
        },
        { name: "Version", value: request.use_case_version },
        { name: "Step", value: request.use_case_step },
        { name: "User", value: user === null ? null : narrowed("user", user) },
        { name: "Account", value: account === null ? null : narrowed("account", account) },
      ]}
    />
  );
}

function callFacts(request: RequestDetail): readonly Fact[] {
  return [
    { name: "Time", value: <Time at={request.time} /> },
    { name: "Category", value: request.category },
    { name: "Scope", value: request.resource_scope },
    { name: "Outcome", value: request.outcome },
    { name: "HTTP status", value: request.http_status_code },
    { name: "Latency", value: showDuration(request.latency_ms) },
    {
      name: "First token",
      value: request.time_to_first_token_ms === null ? null : showDuration(request.time_to_first_token_ms),
    },
    { name: "Streamed", value: request.streamed ? "yes" : "no" },
    {
      name: "Tokens",
      value: `${showCount(request.tokens_input)} in, ${showCount(request.tokens_output)} out`,
    },
    { name: "Counts", value: request.usage_source === null ? null : SOURCE_NAMES[request.usage_source] },
    { name: "Request id", value: <code>{request.request_id}</code> },
    { name: "Provider's id", value: code(request.provider_response_id) },
    { name: "Sent to", value: code(request.provider_uri) },
    { name: "Received", value: <Time at={request.ingest_time} /> },
  ];
}

function code(text: string | null): ReactNode {
  return text === null ? null : <code>{text}</code>;
}

interface PropertiesProps {
  readonly title: string;
  readonly properties: Readonly<Record<string, string>>;
}

function Properties({ title, properties }: PropertiesProps): ReactNode {
  const entries = Object.entries(properties);
  if (entries.length === 0) return null;
  return (
    <section>
      <h3 className={styles["heading"]}>{title}</h3>
      <Facts facts={entries.map(([name, value]) => ({ name, value }))} />
    </section>
  );
}
