import { Button } from "@base-ui/react/button";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { changeLimit, createLimit, simulateLimit } from "../api-limits.ts";
import { type LimitBody, type LimitDraft, readDraft } from "../limit-draft.ts";
import { Choice } from "./choice.tsx";
import { Failure } from "./failure.tsx";
import { LimitEnforcementFields } from "./limit-enforcement-fields.tsx";
import { LimitLadderFields } from "./limit-ladder-fields.tsx";
import { LimitPeriodFields } from "./limit-period-fields.tsx";
import { LimitScopeFields } from "./limit-scope-fields.tsx";
import { SimulationResult } from "./simulation-result.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";
import fields from "./limit-fields.module.css";

const TYPES = [
  { value: "block", label: "block: refuse what does not fit" },
  { value: "allow", label: "allow: warn and let through" },
] as const;

const KEEPS_THRESHOLD =
  "The threshold of a limit can be changed, but not taken away: use 99 to hear of it last.";

export interface LimitFormProps {
  /** What the fields say at first. */
  readonly draft: LimitDraft;
  /** Of the limit that is changed; a new one without it. */
  readonly id?: string;
  readonly onSaved: (id: string) => void;
}

/** A limit: whom it is for, how much, how often anew, and what it does. It can be tried on the past before it is saved. */
export function LimitForm({ draft: first, id, onSaved }: LimitFormProps): ReactNode {
  const client = useQueryClient();
  const [draft, setDraft] = useState(first);
  const [problem, setProblem] = useState<string>();
  const save = useMutation({
    mutationFn: (body: LimitBody) => (id === undefined ? createLimit(body) : changeLimit(id, body)),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: ["analytics"] });
      onSaved(saved);
    },
  });
  const simulate = useMutation({ mutationFn: simulateLimit });
  const change = (part: Partial<LimitDraft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    simulate.reset();
  };
  const withBody = (use: (body: LimitBody) => void): void => {
    // The platform has no word for taking it away.
    const isTakenAway = id !== undefined && first.threshold !== "" && draft.threshold.trim() === "";
    const read = isTakenAway ? { problem: KEEPS_THRESHOLD } : readDraft(draft);
    setProblem("problem" in read ? read.problem : undefined);
    if ("body" in read) use(read.body);
  };
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        withBody(save.mutate);
      }}
    >
      <div className={styles["pair"]}>
        <TextField label="Name" value={draft.name} onChange={(name) => change({ name })} isRequired />
        <TextField
          label="Maximum, in USD"
          value={draft.max}
          onChange={(max) => change({ max })}
          isDecimal
          isRequired
        />
      </div>
      {id === undefined ? (
        <div className={fields["row"]}>
          <Choice label="type" value={draft.type} options={TYPES} onChange={(type) => change({ type })} />
        </div>
      ) : null}
      <LimitScopeFields draft={draft} onChange={change} />
      <LimitPeriodFields draft={draft} onChange={change} />
      <LimitEnforcementFields draft={draft} onChange={change} />
      <LimitLadderFields draft={draft} onChange={change} />
      {problem === undefined ? null : (
        <p className={styles["wrong"]} role="alert">
          {problem}
        </p>
      )}
      {simulate.data === undefined ? null : <SimulationResult simulation={simulate.data} />}
      {simulate.error === null ? null : <Failure error={simulate.error} advice="Nothing was changed." />}
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      <div className={styles["actions"]}>
        <Button
          className={controls["button"]}
          disabled={simulate.isPending}
          focusableWhenDisabled
          onClick={() => withBody(simulate.mutate)}
        >
          {simulate.isPending ? "Trying…" : "Try it on the last 7 days"}
        </Button>
        <Button type="submit" className={controls["primary"]} disabled={save.isPending} focusableWhenDisabled>
          {save.isPending ? "Saving…" : id === undefined ? "Create the limit" : "Save the limit"}
        </Button>
      </div>
    </form>
  );
}
