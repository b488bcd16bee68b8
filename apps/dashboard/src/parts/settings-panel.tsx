import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type Settings } from "../administration.ts";
import { changeSettings, settingsQuery } from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { Failure } from "./failure.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const RETENTION = [
  ["text_days", "Prompts and answers, days"],
  ["event_days", "Requests and instances, days"],
  ["total_days", "Sums and the ledger, days"],
] as const;
type RetentionField = (typeof RETENTION)[number][0];

/** What the application stores, for how long, and how its people read it. */
export function SettingsPanel(): ReactNode {
  const settings = useQuery(settingsQuery);
  return (
    <Panel title="Data and privacy" note="of this application">
      <Pending query={settings} lines={6} />
      {settings.data === undefined ? null : <SettingsForm settings={settings.data} />}
    </Panel>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }): ReactNode {
  const [storePrompts, setStorePrompts] = useState(settings.store_prompts);
  const [properties, setProperties] = useState(settings.declared_properties.join(", "));
  const [days, setDays] = useState<Readonly<Record<RetentionField, string>>>(() => ({
    text_days: shown(settings.retention.text_days),
    event_days: shown(settings.retention.event_days),
    total_days: shown(settings.retention.total_days),
  }));
  const saving = useAdministrationChange(changeSettings);
  return (
    <form
      className={`${styles["form"]} ${styles["inPanel"]}`}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate({
          store_prompts: storePrompts,
          declared_properties: properties
            .split(",")
            .map((name) => name.trim())
            .filter(Boolean),
          retention: {
            text_days: meant(days.text_days),
            event_days: meant(days.event_days),
            total_days: meant(days.total_days),
          },
        });
      }}
    >
      <label className={styles["approve"]}>
        <input
          type="checkbox"
          checked={storePrompts}
          onChange={({ target }) => setStorePrompts(target.checked)}
        />
        Prompts and answers that clients send may be stored
      </label>
      <p className={styles["hint"]}>
        Off, they are dropped before anything is written. On, a use case can still say no to its own.
      </p>
      <TextField
        label="Properties that charts offer to group by, divided by commas"
        value={properties}
        onChange={setProperties}
      />
      <p className={styles["hint"]}>
        How long things are kept; empty is for ever. Text goes first, sums last.
      </p>
      <div className={styles["pair"]}>
        {RETENTION.map(([field, label]) => (
          <TextField
            key={field}
            label={label}
            placeholder="for ever"
            isDecimal
            value={days[field]}
            onChange={(value) => setDays({ ...days, [field]: value })}
          />
        ))}
      </div>
      {saving.error === null ? null : <Failure error={saving.error} advice="Nothing was changed." />}
      <div className={styles["actions"]}>
        {saving.isSuccess ? (
          <span className={styles["hint"]} role="status">
            Saved
          </span>
        ) : null}
        <Button
          type="submit"
          className={controls["primary"]}
          disabled={saving.isPending}
          focusableWhenDisabled
        >
          {saving.isPending ? "Saving…" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function shown(days: number | null): string {
  return days === null ? "" : String(days);
}

/** What is no number goes to the platform as it is, which says what is wrong with it. */
function meant(days: string): number | null {
  return days.trim() === "" ? null : Number(days);
}
