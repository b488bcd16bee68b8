import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { topUpLimit } from "../api-limits.ts";
import { readTypedAmount } from "../limit-draft.ts";
import { nameOwner } from "../limit-words.ts";
import { type Limit } from "../limits.ts";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";

import styles from "./form.module.css";

export interface LimitChangeProps {
  readonly limit: Limit;
  readonly onDone: () => Promise<void>;
}

/** More room in the current window, gone with it. */
export function TopUpForm({ limit, onDone }: LimitChangeProps): ReactNode {
  const owner = nameOwner(limit.per);
  const [amount, setAmount] = useState("");
  const [value, setValue] = useState(limit.per === null ? "" : limit.budget.value);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();
  const save = useMutation({
    mutationFn: async (exact: string) => {
      await topUpLimit(limit.id, exact, value, reason.trim());
      await onDone();
    },
  });
  return (
    <SubmitForm
      action="Top up"
      sending={save}
      problem={problem}
      onSubmit={() => {
        const read = readTypedAmount(amount, "The amount");
        setProblem("problem" in read ? read.problem : undefined);
        if ("amount" in read) save.mutate(read.amount);
      }}
    >
      <p className={styles["hint"]}>More room in the current window; it is gone when the window is over.</p>
      <TextField label="By how much, in USD" value={amount} onChange={setAmount} isDecimal isRequired />
      {owner === null ? null : (
        <TextField
          label={`Whose budget: the ${owner}, empty for calls without`}
          value={value}
          onChange={setValue}
        />
      )}
      <TextField label="Why (kept in the log)" value={reason} onChange={setReason} />
    </SubmitForm>
  );
}
