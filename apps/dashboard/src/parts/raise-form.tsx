import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { raiseLimit } from "../api-limits.ts";
import { timeZone } from "../format-time.ts";
import { showMoney } from "../format.ts";
import { readTypedAmount } from "../limit-draft.ts";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";
import { type LimitChangeProps } from "./top-up-form.tsx";

import styles from "./form.module.css";

const DAY_MS = 86_400_000;

/** Another maximum until a time. */
export function RaiseForm({ limit, onDone }: LimitChangeProps): ReactNode {
  const [max, setMax] = useState("");
  const [until, setUntil] = useState(() => localMinute(Date.now() + DAY_MS));
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();
  const save = useMutation({
    mutationFn: async (exact: string) => {
      await raiseLimit(limit.id, exact, new Date(until).toISOString(), reason.trim());
      await onDone();
    },
  });
  return (
    <SubmitForm
      action="Raise"
      sending={save}
      problem={problem}
      onSubmit={() => {
        const read = readTypedAmount(max, "The maximum");
        setProblem("problem" in read ? read.problem : undefined);
        if ("amount" in read) save.mutate(read.amount);
      }}
    >
      <p className={styles["hint"]}>
        Another maximum instead of {showMoney(limit.max)} until then; afterwards the old one again, by itself.
      </p>
      <div className={styles["pair"]}>
        <TextField label="Maximum until then, in USD" value={max} onChange={setMax} isDecimal isRequired />
        <TextField
          label={`Until (${timeZone})`}
          type="datetime-local"
          value={until}
          onChange={setUntil}
          isRequired
        />
      </div>
      <TextField label="Why (kept in the log)" value={reason} onChange={setReason} />
    </SubmitForm>
  );
}

/** As the field for a date and a time wants it: the reader's own clock, to the minute. */
function localMinute(time: number): string {
  const shifted = time - new Date(time).getTimezoneOffset() * 60_000;
  return new Date(shifted).toISOString().slice(0, 16);
}
