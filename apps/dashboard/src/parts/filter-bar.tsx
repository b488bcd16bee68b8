import { Button } from "@base-ui/react/button";
import { Popover } from "@base-ui/react/popover";
import { type Dimension } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { type ReactNode, useId, useState } from "react";

import { breakdownQuery } from "../api.ts";
import { formText } from "../form-text.ts";
import { type FilterField, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { DIMENSIONS, nameField, nameUnattributed } from "../words.ts";
import { Choice } from "./choice.tsx";

import controls from "./controls.module.css";
import styles from "./filter-bar.module.css";

const OUTCOMES = ["ok", "error", "aborted", "abandoned", "timeout", "refused"];
const PRICINGS = ["priced", "unpriced"];
const SUGGESTED = 100;

/** What narrows the view: each filter can be taken away, another added. */
export function FilterBar({ children }: { readonly children?: ReactNode }): ReactNode {
  const { view, change } = useView();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className={styles["bar"]}>
      {view.filters.map(({ field, value }) => (
        <span key={field} className={controls["chip"]}>
          <span className={controls["chipText"]} title={value}>
            {value === "" ? nameUnattributed(field as Dimension) : `${nameField(field)}: ${value}`}
          </span>
          <button
            type="button"
            className={controls["chipRemove"]}
            aria-label={`Remove the filter ${nameField(field)}`}
            onClick={() => change({ filters: view.filters.filter((filter) => filter.field !== field) })}
          >
            <X size={13} aria-hidden="true" />
          </button>
        </span>
      ))}
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger className={controls["button"]}>
          <Plus size={14} aria-hidden="true" />
          Filter
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Positioner className={controls["positioner"]} sideOffset={6} align="start">
            <Popover.Popup className={`${controls["popup"]} ${styles["popup"]}`} aria-label="Add a filter">
              <FilterForm
                onAdd={(field, value) => {
                  change({ filters: withFilter(view.filters, { field, value }) });
                  setOpen(false);
                }}
              />
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      {children}
    </div>
  );
}

const FIELDS: readonly string[] = [...DIMENSIONS, "property", "outcome", "pricing", "instance"];

function FilterForm({ onAdd }: { readonly onAdd: (field: FilterField, value: string) => void }): ReactNode {
  const [field, setField] = useState("user");
  const listId = useId();
  const suggestions = useSuggestions(field);
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        const key = formText(event.currentTarget, "key");
        const value = formText(event.currentTarget, "value");
        if (field !== "property") onAdd(field as FilterField, value);
        else if (key !== "") onAdd(`property:${key}`, value);
      }}
    >
      <Choice
        label="where"
        value={field}
        options={FIELDS.map((name) => ({
          value: name,
          label: name === "property" ? "Property" : nameField(name as FilterField),
        }))}
        onChange={setField}
      />
      {field === "property" ? (
        <label className={controls["field"]}>
          Key
          <input
            name="key"
            className={controls["input"]}
            required
            spellCheck={false}
            placeholder="location"
          />
        </label>
      ) : null}
      <label className={controls["field"]}>
        is (leave empty for: has none)
        <input
          key={field}
          name="value"
          className={controls["input"]}
          list={listId}
          spellCheck={false}
          autoComplete="off"
        />
      </label>
      <datalist id={listId}>
        {suggestions.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <Button type="submit" className={controls["primary"]}>
        Add
      </Button>
    </form>
  );
}

/** Values of the field in this period. */
function useSuggestions(field: string): readonly string[] {
  const { period } = useView();
  const dimension = DIMENSIONS.find((each) => each === field);
  const answer = useQuery({
    ...breakdownQuery(dimension ?? "use_case", period, [], SUGGESTED),
    enabled: dimension !== undefined,
  });
  if (field === "outcome") return OUTCOMES;
  if (field === "pricing") return PRICINGS;
  return dimension === undefined ? [] : (answer.data?.rows.map(({ key }) => key) ?? []);
}
