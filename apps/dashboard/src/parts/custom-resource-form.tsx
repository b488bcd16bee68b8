import { Button } from "@base-ui/react/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";

import { categoriesQuery, createResource } from "../api-prices.ts";
import { type ResourceName, isSystem } from "../prices.ts";
import { readUnitPrices } from "../unit-prices.ts";
import { Choice } from "./choice.tsx";
import { Failure } from "./failure.tsx";
import { type PriceLine, UnitPriceFields } from "./unit-price-fields.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const PER = [
  { value: "1000000", label: "1M units" },
  { value: "1000", label: "1K units" },
  { value: "1", label: "1 unit" },
] as const;
const OWN_CATEGORY = "custom";

export interface CustomResourceFormProps {
  /** What is to be known first. */
  readonly note?: string | undefined;
  /** What the fields say at first; nothing for a resource from scratch. */
  readonly suggestion?: ResourceName | undefined;
  /** The units that need a price. */
  readonly units?: readonly string[] | undefined;
  /** From when the prices are needed, ISO 8601; now, unless told. */
  readonly since?: string | undefined;
  /** After the platform took it. */
  readonly onSaved: (created: ResourceName) => void | Promise<void>;
}

/** An own resource: its name, what its units cost, and from when on. Saving it under a known name adds a version. */
export function CustomResourceForm(props: CustomResourceFormProps): ReactNode {
  const { note, suggestion, units, since, onSaved } = props;
  const [category, setCategory] = useState(ownCategory(suggestion));
  const [resource, setResource] = useState(suggestion?.resource ?? "");
  const [per, setPer] = useState<(typeof PER)[number]["value"]>("1000000");
  const [lines, setLines] = useState<readonly PriceLine[]>(() => firstLines(units));
  const [start, setStart] = useState(() => startOfDay(since));
  const [problem, setProblem] = useState<string>();
  const categories = useQuery(categoriesQuery).data ?? [];
  const listId = useId();
  const save = useMutation({
    mutationFn: async (prices: Parameters<typeof createResource>[1]) => {
      await createResource({ category, resource }, prices, `${start}:00Z`);
      await onSaved({ category, resource });
    },
  });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        const read = readUnitPrices(lines, Number(per));
        setProblem("problem" in read ? read.problem : undefined);
        if ("prices" in read) save.mutate(read.prices);
      }}
    >
      {note === undefined ? null : <p className={styles["hint"]}>{note}</p>}
      <div className={styles["pair"]}>
        <label className={controls["field"]}>
          Category, of your own
          <input
            className={controls["input"]}
            required
            pattern="(?!system\.).+"
            title="Any name that does not begin with system."
            list={listId}
            spellCheck={false}
            autoComplete="off"
            value={category}
            onChange={(event) => setCategory(event.target.value.trim())}
          />
        </label>
        <datalist id={listId}>
          {categories
            .filter((name) => !isSystem(name))
            .map((name) => (
              <option key={name} value={name} />
            ))}
        </datalist>
        <label className={controls["field"]}>
          Resource
          <input
            className={controls["input"]}
            required
            spellCheck={false}
            autoComplete="off"
            value={resource}
            onChange={(event) => setResource(event.target.value.trim())}
          />
        </label>
      </div>
      <div>
        <Choice label="prices per" value={per} options={PER} onChange={setPer} />
      </div>
      <UnitPriceFields lines={lines} onChange={setLines} />
      <p className={styles["hint"]}>Leave empty what has no price; write 0 for what is free.</p>
      <label className={controls["field"]}>
        In force from (UTC)
        <input
          className={controls["input"]}
          type="datetime-local"
          required
          value={start}
          onChange={(event) => setStart(event.target.value)}
        />
      </label>
      {problem === undefined ? null : (
        <p className={styles["wrong"]} role="alert">
          {problem}
        </p>
      )}
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={save.isPending} focusableWhenDisabled>
          {save.isPending ? "Saving…" : "Save the prices"}
        </Button>
      </div>
    </form>
  );
}

/** Own prices live in own categories: those of the system belong to the platform. */
function ownCategory(suggestion: ResourceName | undefined): string {
  return suggestion === undefined || isSystem(suggestion.category) ? OWN_CATEGORY : suggestion.category;
}

function firstLines(units: readonly string[] = []): readonly PriceLine[] {
  return (units.length === 0 ? ["text"] : units).map((unit, id) => ({ id, unit, input: "", output: "" }));
}

/** As the field for a date and a time wants it, without a zone. */
function startOfDay(since: string | undefined): string {
  return `${(since ?? new Date().toISOString()).slice(0, 10)}T00:00`;
}
