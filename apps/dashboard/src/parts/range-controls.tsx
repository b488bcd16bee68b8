import { Button } from "@base-ui/react/button";
import { Popover } from "@base-ui/react/popover";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { CalendarDays } from "lucide-react";
import { type ReactNode, useState } from "react";

import { showRange, timeZone } from "../format-time.ts";
import {
  CALENDAR_RANGES,
  type CalendarRange,
  RELATIVE_RANGES,
  type RelativeRange,
  fixedRange,
  isCalendar,
  isRelative,
} from "../range.ts";
import { useView } from "../use-view.ts";

import controls from "./controls.module.css";
import styles from "./range-controls.module.css";

const CALENDAR_NAMES = Object.keys(CALENDAR_RANGES) as readonly CalendarRange[];
const NAMES = Object.keys(RELATIVE_RANGES) as readonly RelativeRange[];

/** The period of the view: back from now, or between two fixed times. */
export function RangeControls(): ReactNode {
  const { view, period, change } = useView();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles["range"]}>
      <ToggleGroup
        className={styles["presets"]}
        aria-label="Period"
        value={isRelative(view.range) ? [view.range] : []}
        onValueChange={([name]) => {
          if (name !== undefined) change({ range: name });
        }}
      >
        {NAMES.map((name) => (
          <Toggle key={name} value={name} className={styles["preset"]} title={`The last ${name}`}>
            {name}
          </Toggle>
        ))}
      </ToggleGroup>
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger
          className={controls["button"]}
          aria-label="Choose days or times"
          {...(isRelative(view.range) ? {} : { "aria-pressed": true })}
        >
          <CalendarDays size={15} aria-hidden="true" />
          {isRelative(view.range)
            ? null
            : isCalendar(view.range)
              ? CALENDAR_RANGES[view.range]
              : showRange(period.from, period.to)}
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className={controls["positioner"]} sideOffset={6} align="end">
            <Popover.Popup className={`${controls["popup"]} ${styles["popup"]}`}>
              <div className={styles["calendar"]}>
                {CALENDAR_NAMES.map((name) => (
                  <Button
                    key={name}
                    className={controls["button"]}
                    aria-pressed={view.range === name}
                    onClick={() => {
                      change({ range: name });
                      setOpen(false);
                    }}
                  >
                    {CALENDAR_RANGES[name]}
                  </Button>
                ))}
              </div>
              <Popover.Title className={styles["title"]}>From and to</Popover.Title>
              <FixedRangeForm
                key={`${period.from} ${period.to}`}
                from={period.from}
                to={period.to}
                onChoose={(range) => {
                  change({ range });
                  setOpen(false);
                }}
              />
              <Popover.Description className={styles["zone"]}>
                The end is excluded.
                {` Hours on screen are in ${timeZone}, days in the application's reporting zone.`}
              </Popover.Description>
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
    </div>
  );
}

interface FixedRangeFormProps {
  readonly from: string;
  readonly to: string;
  readonly onChoose: (range: { readonly from: string; readonly to: string }) => void;
}

function FixedRangeForm({ from, to, onChoose }: FixedRangeFormProps): ReactNode {
  const [bounds, setBounds] = useState({ from: from.slice(0, 16), to: to.slice(0, 16) });
  const range = fixedRange(`${bounds.from}Z`, `${bounds.to}Z`);
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (range !== undefined) onChoose(range);
      }}
    >
      {(["from", "to"] as const).map((name) => (
        <label key={name} className={controls["field"]}>
          {name === "from" ? "From (UTC)" : "To (UTC)"}
          <input
            type="datetime-local"
            className={controls["input"]}
            value={bounds[name]}
            onChange={(event) => setBounds({ ...bounds, [name]: event.target.value })}
          />
        </label>
      ))}
      {range === undefined ? (
        <p className={styles["wrong"]} role="alert">
          The start must be before the end.
        </p>
      ) : null}
      <Button type="submit" className={controls["primary"]} disabled={range === undefined}>
        Show
      </Button>
    </form>
  );
}
