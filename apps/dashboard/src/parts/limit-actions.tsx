import { Button } from "@base-ui/react/button";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";

import { deleteLimit, resetLimit } from "../api-limits.ts";
import { showMoney } from "../format.ts";
import { draftOf } from "../limit-draft.ts";
import { type Limit } from "../limits.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { ConfirmForm } from "./confirm-form.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { LimitForm } from "./limit-form.tsx";
import { RaiseForm } from "./raise-form.tsx";
import { TopUpForm } from "./top-up-form.tsx";

import controls from "./controls.module.css";
import styles from "./limit-actions.module.css";

const ACTIONS = [
  { name: "topUp", label: "Top up" },
  { name: "raise", label: "Raise" },
  { name: "reset", label: "Reset" },
  { name: "edit", label: "Edit" },
  { name: "delete", label: "Delete" },
] as const;
type Action = (typeof ACTIONS)[number]["name"];

/** What can be done to a limit, each in a window of its own. */
export function LimitActions({ limit }: { readonly limit: Limit }): ReactNode {
  const [action, setAction] = useState<Action>();
  const title = ACTIONS.find(({ name }) => name === action)?.label ?? "";
  return (
    <div className={styles["actions"]} role="group" aria-label="What can be done">
      {ACTIONS.map(({ name, label }) => (
        <Button
          key={name}
          className={name === "delete" ? controls["danger"] : controls["button"]}
          onClick={() => setAction(name)}
        >
          {label}
        </Button>
      ))}
      <FormDialog
        title={`${title} ${limit.name}`}
        isOpen={action !== undefined}
        onClose={() => setAction(undefined)}
      >
        {action === undefined ? null : (
          <ActionForm action={action} limit={limit} onDone={() => setAction(undefined)} />
        )}
      </FormDialog>
    </div>
  );
}

interface ActionFormProps {
  readonly action: Action;
  readonly limit: Limit;
  readonly onDone: () => void;
}

function ActionForm({ action, limit, onDone }: ActionFormProps): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { view } = useView();
  const done = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ["analytics"] });
    onDone();
  };
  if (action === "edit") {
    return <LimitForm draft={draftOf(limit)} id={limit.id} onSaved={onDone} />;
  }
  if (action === "topUp") return <TopUpForm limit={limit} onDone={done} />;
  if (action === "raise") return <RaiseForm limit={limit} onDone={done} />;
  if (action === "reset") {
    return (
      <ConfirmForm
        action="Reset the limit"
        run={async () => {
          await resetLimit(limit.id);
          await done();
        }}
      >
        {showMoney(limit.budget.spent)} spent becomes history and the limit starts again from nothing now,
        {limit.per === null ? "" : " for every value,"} whatever its period. What calls on their way hold
        stays held.
      </ConfirmForm>
    );
  }
  return (
    <ConfirmForm
      action="Delete the limit"
      isDangerous
      run={async () => {
        await deleteLimit(limit.id);
        void navigate(linkTo("/limits", view));
        client.removeQueries({ queryKey: ["analytics", "limit", limit.id] });
        await client.invalidateQueries({ queryKey: ["analytics", "limits"] });
      }}
    >
      Nothing is refused or warned about by it any more, and its windows are gone. Requests keep their cost.
    </ConfirmForm>
  );
}
