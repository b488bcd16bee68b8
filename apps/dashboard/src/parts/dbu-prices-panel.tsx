import { Button } from "@base-ui/react/button";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { dbuPricesQuery, setDbuPrice } from "../api-prices.ts";
import { showExactMoney } from "../format.ts";
import { type DbuPrice } from "../prices.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { Failure } from "./failure.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const CLOUDS = [
  { value: "system.databricks.aws", label: "AWS" },
  { value: "system.databricks.azure", label: "Azure" },
  { value: "system.databricks.google", label: "Google Cloud" },
] as const;

/** What the contract charges for a Databricks unit; without one, calls cost the list price. */
export function DbuPricesPanel(): ReactNode {
  const found = useQuery(dbuPricesQuery);
  const rows = found.data ?? [];
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Panel
      title="Databricks units"
      note={rows.length === 0 ? "at the list price" : "the list price before and in other clouds"}
      actions={
        <Button className={controls["button"]} onClick={() => setIsOpen(true)}>
          Set your price
        </Button>
      }
    >
      {found.error === null ? null : <Failure error={found.error} onRetry={() => void found.refetch()} />}
      {rows.length === 0 ? null : (
        <DataTable<DbuPrice>
          caption="What a Databricks unit costs"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
        />
      )}
      <FormDialog title="What a Databricks unit costs you" isOpen={isOpen} onClose={() => setIsOpen(false)}>
        <DbuPriceForm onSaved={() => setIsOpen(false)} />
      </FormDialog>
    </Panel>
  );
}

function DbuPriceForm({ onSaved }: { readonly onSaved: () => void }): ReactNode {
  const client = useQueryClient();
  const [cloud, setCloud] = useState<(typeof CLOUDS)[number]["value"]>("system.databricks.aws");
  const [usd, setUsd] = useState("");
  const [start, setStart] = useState(() => new Date().toISOString().slice(0, 10));
  const save = useMutation({
    mutationFn: () => setDbuPrice(cloud, usd, `${start}T00:00:00Z`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["prices"] });
      onSaved();
    },
  });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Choice label="of" value={cloud} options={CLOUDS} onChange={setCloud} />
      <div className={styles["pair"]}>
        <label className={controls["field"]}>
          USD for a Databricks unit
          <input
            className={controls["input"]}
            required
            inputMode="decimal"
            pattern="[0-9]+([.][0-9]+)?"
            title="A plain decimal, such as 0.055"
            placeholder="0.055"
            autoComplete="off"
            value={usd}
            onChange={({ target }) => setUsd(target.value.trim())}
          />
        </label>
        <label className={controls["field"]}>
          In force from (UTC)
          <input
            className={controls["input"]}
            type="date"
            required
            value={start}
            onChange={({ target }) => setStart(target.value)}
          />
        </label>
      </div>
      {save.error === null ? null : <Failure error={save.error} advice="Correct it and save again." />}
      <div className={styles["actions"]}>
        <Button type="submit" className={controls["primary"]} disabled={save.isPending} focusableWhenDisabled>
          {save.isPending ? "Saving…" : "Set the price"}
        </Button>
      </div>
    </form>
  );
}

const COLUMNS: readonly Column<DbuPrice>[] = [
  {
    id: "category",
    header: "Cloud",
    value: ({ category }) => category,
    cell: ({ category }) => CLOUDS.find(({ value }) => value === category)?.label ?? category,
  },
  { id: "usd", header: "USD each", value: ({ usd }) => usd, cell: ({ usd }) => showExactMoney(usd) },
  {
    id: "start",
    header: "From",
    value: ({ start }) => start,
    cell: ({ start }) => <Time at={start} />,
  },
];
