import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { reportsQuery, saveReport } from "../api-reports.ts";
import { useView } from "../use-view.ts";
import { MEASURE_NAMES, nameField } from "../words.ts";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";

import styles from "./form.module.css";

/** Gives what is on the page a name, to be asked again for the days up to then. */
export function ReportForm({ onSaved }: { readonly onSaved: () => void }): ReactNode {
  const client = useQueryClient();
  const { view, period } = useView();
  const [name, setName] = useState(
    `${MEASURE_NAMES[view.measure]} by ${nameField(view.group).toLowerCase()}`,
  );
  const save = useMutation({
    mutationFn: async () => {
      const { group, measure, filters } = view;
      await saveReport(name.trim(), { group, measure, filters, period });
      await client.invalidateQueries(reportsQuery);
      onSaved();
    },
  });
  return (
    <SubmitForm
      action="Save the report"
      advice="Nothing was saved."
      sending={save}
      onSubmit={() => save.mutate()}
    >
      <p className={styles["hint"]}>
        Everybody of this application finds it below, and programs ask for it by its id. Its days end when it
        is asked.
      </p>
      <TextField label="Name" value={name} onChange={setName} isRequired />
    </SubmitForm>
  );
}
