import { Combobox } from "@base-ui/react/combobox";
import { Check, ChevronsUpDown } from "lucide-react";
import { type ReactNode, useId } from "react";

import controls from "./controls.module.css";
import styles from "./pick-field.module.css";

/** More would not be read; typing narrows them. */
const SHOWN = 60;

export interface PickFieldProps {
  readonly label: string;
  readonly options: readonly string[];
  /** `null` before anything was picked. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly placeholder: string;
  /** Stands in the list when nothing fits what was typed. */
  readonly none: string;
}

/** One of many values, found by typing a part of it. */
export function PickField({ label, options, value, onChange, placeholder, none }: PickFieldProps): ReactNode {
  const id = useId();
  return (
    <div className={controls["field"]}>
      <label htmlFor={id}>{label}</label>
      <Combobox.Root items={options} value={value} onValueChange={onChange} limit={SHOWN} autoHighlight>
        <Combobox.InputGroup className={styles["group"]}>
          <Combobox.Input
            id={id}
            className={controls["input"]}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
          />
          <Combobox.Trigger className={styles["trigger"]} aria-label={`List: ${label}`}>
            <ChevronsUpDown size={13} aria-hidden="true" />
          </Combobox.Trigger>
        </Combobox.InputGroup>
        <Combobox.Portal>
          <Combobox.Positioner className={controls["positioner"]} sideOffset={4} align="start">
            <Combobox.Popup className={controls["popup"]}>
              <Combobox.Empty className={styles["none"]}>{none}</Combobox.Empty>
              <Combobox.List>
                {(option: string) => (
                  <Combobox.Item key={option} value={option} className={controls["item"]}>
                    <Combobox.ItemIndicator>
                      <Check size={14} aria-hidden="true" />
                    </Combobox.ItemIndicator>
                    <span className={controls["itemText"]}>{option}</span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
    </div>
  );
}
