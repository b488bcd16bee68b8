import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type ReactNode } from "react";

import { breakdownQuery } from "../api.ts";
import { type DraftPart, type LimitDraft } from "../limit-draft.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Choice } from "./choice.tsx";
import { IconButton } from "./icon-button.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./limit-fields.module.css";

const SCOPES = [
  { value: "matching", label: "calls that fit the conditions" },
  { value: "all", label: "every call" },
  { value: "named", label: "calls that name it" },
] as const;
const FIELDS = [
  { value: "use_case", label: "use case" },
  { value: "user", label: "user" },
  { value: "account", label: "account" },
  { value: "category", label: "category" },
  { value: "resource", label: "resource" },
  { value: "property", label: "property" },
] as const;
const OWNERS = [
  { value: "", label: "one for all of them" },
  { value: "user_id", label: "one for each user" },
  { value: "account_name", label: "one for each account" },
  { value: "use_case_name", label: "one for each use case" },
  { value: "property", label: "one for each value of a property" },
] as const;
/** How many values are offered. */
const OFFERED = 100;

export interface LimitFieldsProps {
  readonly draft: LimitDraft;
  readonly onChange: (part: Partial<LimitDraft>) => void;
}

/** Which calls a limit is for, and who shares a budget. */
export function LimitScopeFields({ draft, onChange }: LimitFieldsProps): ReactNode {
  const { scope, parts, per, perKey } = draft;
  const put = (part: DraftPart): void =>
    onChange({ parts: parts.map((each) => (each.id === part.id ? part : each)) });
  return (
    <fieldset className={styles["group"]}>
      <legend className={styles["legend"]}>Which calls</legend>
      <div className={styles["row"]}>
        <Choice label="for" value={scope} options={SCOPES} onChange={(next) => onChange({ scope: next })} />
        <Choice label="budget" value={per} options={OWNERS} onChange={(next) => onChange({ per: next })} />
      </div>
      {per === "property" ? (
        <TextField
          label="Key of the property that has a budget each"
          value={perKey}
          onChange={(next) => onChange({ perKey: next })}
        />
      ) : null}
      {scope === "matching"
        ? parts.map((part) => (
            <Condition
              key={part.id}
              part={part}
              onChange={put}
              onRemove={() => onChange({ parts: parts.filter(({ id }) => id !== part.id) })}
            />
          ))
        : null}
      {scope === "matching" ? (
        <div>
          <Button
            className={controls["button"]}
            onClick={() =>
              onChange({
                parts: [
                  ...parts,
                  { id: Math.max(-1, ...parts.map(({ id }) => id)) + 1, field: "user", key: "", value: "" },
                ],
              })
            }
          >
            <Plus size={14} aria-hidden="true" />
            Add a condition
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

interface ConditionProps {
  readonly part: DraftPart;
  readonly onChange: (part: DraftPart) => void;
  readonly onRemove: () => void;
}

function Condition({ part, onChange, onRemove }: ConditionProps): ReactNode {
  const { period } = useView();
  const isProperty = part.field === "property";
  const group = part.field === "property" ? "use_case" : part.field;
  const known = useQuery({
    ...breakdownQuery(group, period, NO_FILTERS, OFFERED),
    enabled: !isProperty,
  }).data;
  return (
    <div className={styles["condition"]}>
      <Choice
        label="if"
        value={part.field}
        options={FIELDS}
        onChange={(field) => onChange({ ...part, field })}
      />
      {isProperty ? (
        <TextField label="Key" value={part.key} onChange={(key) => onChange({ ...part, key })} />
      ) : null}
      <TextField
        label="is"
        value={part.value}
        offered={isProperty ? [] : (known?.rows ?? []).map(({ key }) => key)}
        onChange={(value) => onChange({ ...part, value })}
      />
      <IconButton label="Remove the condition" onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
