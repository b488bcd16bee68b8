import { Button } from "@base-ui/react/button";
import { Plus, X } from "lucide-react";
import { type ReactNode, useId } from "react";

import { KNOWN_UNITS, type TypedPrice } from "../unit-prices.ts";
import { IconButton } from "./icon-button.tsx";

import controls from "./controls.module.css";
import styles from "./unit-price-fields.module.css";

/** A line of the form with what tells it apart while it is edited. */
export interface PriceLine extends TypedPrice {
  readonly id: number;
}

export interface UnitPriceFieldsProps {
  readonly lines: readonly PriceLine[];
  readonly onChange: (lines: readonly PriceLine[]) => void;
}

/** A line for every unit that has a price: its name, and what it costs going in and coming out. */
export function UnitPriceFields({ lines, onChange }: UnitPriceFieldsProps): ReactNode {
  const listId = useId();
  const set = (id: number, part: Partial<TypedPrice>): void =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  return (
    <div className={styles["lines"]} role="group" aria-label="Unit prices">
      <div className={styles["head"]} aria-hidden="true">
        <span>Unit</span>
        <span>Input, USD</span>
        <span>Output, USD</span>
      </div>
      {lines.map((line, index) => {
        const name = line.unit === "" ? `unit ${index + 1}` : line.unit;
        return (
          <div key={line.id} className={styles["line"]}>
            <input
              className={controls["input"]}
              aria-label={`Name of unit ${index + 1}`}
              list={listId}
              spellCheck={false}
              autoComplete="off"
              value={line.unit}
              onChange={(event) => set(line.id, { unit: event.target.value.trim() })}
            />
            {(["input", "output"] as const).map((direction) => (
              <input
                key={direction}
                className={controls["input"]}
                aria-label={`Price of ${name}, ${direction}`}
                inputMode="decimal"
                autoComplete="off"
                placeholder="no price"
                value={line[direction]}
                onChange={(event) => set(line.id, { [direction]: event.target.value.trim() })}
              />
            ))}
            <IconButton
              label={`Remove ${name}`}
              onClick={() => onChange(lines.filter(({ id }) => id !== line.id))}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          </div>
        );
      })}
      <datalist id={listId}>
        {KNOWN_UNITS.map((unit) => (
          <option key={unit} value={unit} />
        ))}
      </datalist>
      <div>
        <Button
          className={controls["button"]}
          onClick={() =>
            onChange([
              ...lines,
              { id: Math.max(0, ...lines.map(({ id }) => id)) + 1, unit: "", input: "", output: "" },
            ])
          }
        >
          <Plus size={14} aria-hidden="true" />
          Add a unit
        </Button>
      </div>
    </div>
  );
}
