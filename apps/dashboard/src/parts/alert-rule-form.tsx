import { Button } from "@base-ui/react/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type AlertChannel, type ConditionField, RULE_KINDS, readCondition } from "../alerts.ts";
import { createRule } from "../api-alerts.ts";
import { limitsQuery } from "../api-limits.ts";
import { breakdownQuery } from "../api.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Choice } from "./choice.tsx";
import { Failure } from "./failure.tsx";
import { TextField } from "./text-field.tsx";

import styles from "./alerts.module.css";
import controls from "./controls.module.css";
import form from "./form.module.css";
import fields from "./limit-fields.module.css";

const KINDS = Object.entries(RULE_KINDS).map(([value, { label }]) => ({ value, label }));
const OFFERED = 100;

export interface AlertRuleFormProps {
  readonly channels: readonly AlertChannel[];
  readonly onSaved: () => Promise<void>;
}

/** What to look out for, and whom to tell. */
export function AlertRuleForm({ channels, onSaved }: AlertRuleFormProps): ReactNode {
  const [name, setName] = useState("");
  const [kind, setKind] = useState("limit_threshold");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [told, setTold] = useState<ReadonlySet<string>>(() => new Set(channels.map(({ id }) => id)));
  const save = useMutation({
    mutationFn: async () => {
      const condition = readCondition(kind, values);
      await createRule({ name: name.trim(), kind, condition, channels: [...told] });
      await onSaved();
    },
  });
  return (
    <form
      className={form["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextField label="Name" value={name} onChange={setName} isRequired />
      <div className={fields["row"]}>
        <Choice
          label="tell when"
          value={kind}
          options={KINDS}
          onChange={(next) => {
            setKind(next);
            setValues({});
          }}
        />
      </div>
      {(RULE_KINDS[kind]?.fields ?? []).map((field) => (
        <Field
          key={`${kind} ${field.name}`}
          field={field}
          value={values[field.name] ?? ""}
          onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <fieldset className={fields["group"]}>
        <legend className={fields["legend"]}>Whom to tell</legend>
        {channels.length === 0 ? (
          <p className={form["hint"]}>There is no channel yet: it will show in the history alone.</p>
        ) : null}
        <div className={styles["checks"]}>
          {channels.map(({ id, name: channel, kind: by }) => (
            <label key={id} className={form["approve"]}>
              <input
                type="checkbox"
                checked={told.has(id)}
                onChange={({ target }) =>
                  setTold((before) =>
                    target.checked
                      ? new Set([...before, id])
                      : new Set([...before].filter((each) => each !== id)),
                  )
                }
              />
              {channel} ({by})
            </label>
          ))}
        </div>
      </fieldset>
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      <div className={form["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={save.isPending} focusableWhenDisabled>
          {save.isPending ? "Saving…" : "Create the rule"}
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly field: ConditionField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Field({ field, value, onChange }: FieldProps): ReactNode {
  const { period } = useView();
  const { type, label, choices, isRequired = false } = field;
  const limits = useQuery({ ...limitsQuery, enabled: type === "limit" }).data;
  const known = useQuery({
    ...breakdownQuery("use_case", period, NO_FILTERS, OFFERED),
    enabled: type === "use_case",
  }).data;
  if (choices !== undefined) {
    return (
      <div className={fields["row"]}>
        <Choice
          label={label}
          value={value === "" ? (choices[0] ?? "") : value}
          options={choices.map((each) => ({ value: each, label: each }))}
          onChange={onChange}
        />
      </div>
    );
  }
  if (type === "limit") {
    const options = (limits ?? []).map(({ id, name }) => ({ value: id, label: name }));
    return (
      <div className={fields["row"]}>
        <Choice
          label="limit"
          value={value}
          options={[{ value: "", label: "any" }, ...options]}
          onChange={onChange}
        />
      </div>
    );
  }
  return (
    <TextField
      label={label}
      value={value}
      isRequired={isRequired}
      isDecimal={type === "count"}
      offered={type === "use_case" ? (known?.rows ?? []).map(({ key }) => key) : []}
      onChange={onChange}
    />
  );
}
