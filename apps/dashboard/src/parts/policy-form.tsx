import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { createPolicy, previewPolicy } from "../api-value.ts";
import { breakdownQuery, kpisQuery } from "../api.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { type PolicyDraft } from "../value.ts";
import { Failure } from "./failure.tsx";
import { PolicyPreview } from "./policy-preview.tsx";
import { TextArea } from "./text-area.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

/** How far back a policy is tried. */
const PREVIEW_DAYS = 30;
const OFFERED = 100;
const METRICS =
  "cost, cost_input, cost_output, requests, errors, tokens_input, tokens_output, latency_ms, duration_ms";

export interface PolicyFormProps {
  /** What the fields say at first; the use case cannot be changed where it is told. */
  readonly draft: PolicyDraft;
  readonly onSaved: () => void;
}

/** What an instance is worth, as equations. They can be tried on the past before they are in force. */
export function PolicyForm({ draft: first, onSaved }: PolicyFormProps): ReactNode {
  const client = useQueryClient();
  const { period } = useView();
  const [draft, setDraft] = useState(first);
  const known = useQuery(breakdownQuery("use_case", period, NO_FILTERS, OFFERED)).data;
  const { useCase: subject, money, time } = draft;
  const kpis = useQuery({ ...kpisQuery(subject, period), enabled: subject !== "" });
  const names = kpis.data?.use_case_name === subject ? kpis.data.kpis.map((kpi) => kpi.kpi_name) : [];
  const preview = useMutation({ mutationFn: () => previewPolicy(draft, PREVIEW_DAYS) });
  const save = useMutation({
    mutationFn: () => createPolicy(draft),
    onSuccess: async (warnings) => {
      await client.invalidateQueries({ queryKey: ["value"] });
      await client.invalidateQueries({ queryKey: ["analytics"] });
      if (warnings.length === 0) onSaved();
    },
  });
  const change = (part: Partial<PolicyDraft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    preview.reset();
  };
  const isEmpty = subject.trim() === "" || `${money}${time}`.trim() === "";
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {first.useCase === "" ? (
        <TextField
          label="Use case"
          value={subject}
          offered={(known?.rows ?? []).map(({ key }) => key)}
          onChange={(useCase) => change({ useCase })}
          isRequired
        />
      ) : null}
      <TextArea
        label="Money that one instance is worth, in USD"
        value={money}
        placeholder="if(kpi.search_success, 0.40, 0) - cost"
        onChange={(next) => change({ money: next })}
      />
      <TextArea
        label="Time that one instance saves, in minutes"
        value={time}
        placeholder="kpi.search_success * 15"
        onChange={(next) => change({ time: next })}
      />
      <p className={styles["hint"]}>
        KPIs:{" "}
        {names.length === 0 ? "none yet" : names.map((name) => `kpi[${JSON.stringify(name)}]`).join(", ")}.
        Metrics: {METRICS}. Also <code>+ - * /</code>, comparisons, <code>min</code>, <code>max</code>,{" "}
        <code>if(condition, then, else)</code>, <code>known(value, otherwise)</code>. What is unknown stays
        unknown.
      </p>
      <TextField
        label="What changed, for the list of versions"
        value={draft.description}
        onChange={(description) => change({ description })}
      />
      {preview.data === undefined ? null : <PolicyPreview preview={preview.data} days={PREVIEW_DAYS} />}
      {preview.error === null ? null : <Failure error={preview.error} advice="Nothing was changed." />}
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      {save.data === undefined || save.data.length === 0 ? null : (
        <p className={styles["wrong"]} role="alert">
          It is in force. {save.data.join(" ")}
        </p>
      )}
      <div className={styles["actions"]}>
        <Button
          className={controls["button"]}
          disabled={isEmpty || preview.isPending}
          focusableWhenDisabled
          onClick={() => preview.mutate()}
        >
          {preview.isPending ? "Trying…" : `Try it on the last ${PREVIEW_DAYS} days`}
        </Button>
        <Button
          type="submit"
          className={controls["primary"]}
          disabled={isEmpty || save.isPending}
          focusableWhenDisabled
        >
          {save.isPending ? "Saving…" : "Put it in force"}
        </Button>
      </div>
    </form>
  );
}
