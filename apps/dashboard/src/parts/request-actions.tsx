import { Button } from "@base-ui/react/button";
import { type RequestDetail } from "@payi/core/wire";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Braces, Check, Undo2 } from "lucide-react";
import { type ReactNode, useState } from "react";

import { voidRequest } from "../api.ts";
import { showMoney } from "../format.ts";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { TextField } from "./text-field.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import form from "./form.module.css";
import styles from "./request-actions.module.css";

interface RequestProps {
  readonly request: RequestDetail;
}

/** What can be done with one request: take its cost back, or take it along as JSON. */
export function RequestActions({ request }: RequestProps): ReactNode {
  const [isVoiding, setVoiding] = useState(false);
  const { void: voided } = request;
  return (
    <>
      {voided === undefined ? null : (
        <p className={styles["voided"]}>
          Void: its cost was taken back by {voided.actor} on <Time at={voided.time} />, because:{" "}
          {voided.reason}
        </p>
      )}
      <div className={styles["actions"]}>
        {request.voided === false ? (
          <Button className={controls["button"]} onClick={() => setVoiding(true)}>
            <Undo2 size={14} aria-hidden="true" />
            Void
          </Button>
        ) : null}
        <CopyJson request={request} />
      </div>
      <FormDialog title="Void this request" isOpen={isVoiding} onClose={() => setVoiding(false)}>
        <VoidForm request={request} onDone={() => setVoiding(false)} />
      </FormDialog>
    </>
  );
}

function VoidForm({ request, onDone }: RequestProps & { readonly onDone: () => void }): ReactNode {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      await voidRequest(request.request_id, reason.trim());
      await client.invalidateQueries({ queryKey: ["analytics"] });
      onDone();
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
      <p className={form["lead"]}>
        The call stays counted.{" "}
        {request.cost === null ? "Its cost" : <strong>{showMoney(request.cost)}</strong>} becomes $0 in every
        sum, in its instance and in the limits it was charged to. Nothing prices it again, and this cannot be
        undone.
      </p>
      <TextField label="Why (kept with the request)" value={reason} onChange={setReason} isRequired />
      {save.error === null ? null : <Failure error={save.error} advice="Its cost is as it was." />}
      <div className={form["actions"]}>
        <Button
          type="submit"
          className={controls["danger"]}
          disabled={save.isPending || reason.trim() === ""}
          focusableWhenDisabled
        >
          Take its cost back
        </Button>
      </div>
    </form>
  );
}

/** Everything that the platform knows of the request, as it stands on the wire. */
function CopyJson({ request }: RequestProps): ReactNode {
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      className={controls["button"]}
      onClick={() => {
        void navigator.clipboard.writeText(JSON.stringify(request, undefined, 2)).then(() => setCopied(true));
      }}
    >
      {isCopied ? <Check size={14} aria-hidden="true" /> : <Braces size={14} aria-hidden="true" />}
      {isCopied ? "Copied" : "Copy as JSON"}
    </Button>
  );
}
