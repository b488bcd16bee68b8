import { type ReactNode } from "react";

import { timeZone } from "../format-time.ts";
import { Choice } from "./choice.tsx";
import { type LimitFieldsProps } from "./limit-scope-fields.tsx";
import { TextField } from "./text-field.tsx";

import form from "./form.module.css";
import styles from "./limit-fields.module.css";

const PERIODS = [
  { value: "none", label: "never by itself" },
  { value: "hour", label: "every hour" },
  { value: "day", label: "every day" },
  { value: "week", label: "every week" },
  { value: "month", label: "every month" },
  { value: "rolling", label: "rolling" },
] as const;
const ANCHORS = {
  hour: "Minute it starts at, such as 15",
  day: "Time it starts at, such as 06:00",
  week: "Day it starts on, such as monday",
  month: "Day it starts on, from 1 to 31",
} as const;
const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");

/** When a budget starts again. */
export function LimitPeriodFields({ draft, onChange }: LimitFieldsProps): ReactNode {
  const { period } = draft;
  return (
    <fieldset className={styles["group"]}>
      <legend className={styles["legend"]}>When it starts again</legend>
      <div>
        <Choice
          label="starts again"
          value={period}
          options={PERIODS}
          onChange={(next) => onChange({ period: next, anchor: "" })}
        />
      </div>
      {period === "rolling" ? (
        <TextField
          label="Over the last (90m, 24h, 30d)"
          value={draft.length}
          onChange={(length) => onChange({ length })}
        />
      ) : null}
      {period === "none" || period === "rolling" ? null : (
        <div className={form["pair"]}>
          <TextField
            label="Time zone, UTC if left empty"
            value={draft.timeZone}
            placeholder={timeZone}
            offered={ZONES}
            onChange={(zone) => onChange({ timeZone: zone })}
          />
          <TextField
            label={ANCHORS[period]}
            value={draft.anchor}
            onChange={(anchor) => onChange({ anchor })}
          />
        </div>
      )}
    </fieldset>
  );
}
