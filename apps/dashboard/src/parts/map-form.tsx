import { Button } from "@base-ui/react/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { categoriesQuery, mapUnpriced, resourcesQuery } from "../api-prices.ts";
import { type ResourceName, type UnpricedUsage } from "../prices.ts";
import { Failure } from "./failure.tsx";
import { PickField } from "./pick-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

export interface MapFormProps {
  readonly usage: UnpricedUsage;
  /** After the platform took it. */
  readonly onSaved: (target: ResourceName) => void;
}

/** Says by which known resource the calls of an unknown one are priced, from now on and when the past is re-priced. */
export function MapForm({ usage, onSaved }: MapFormProps): ReactNode {
  const [category, setCategory] = useState<string | null>(usage.category);
  const [resource, setResource] = useState<string | null>(null);
  const categories = useQuery(categoriesQuery).data ?? [];
  const resources = useQuery({ ...resourcesQuery(category ?? ""), enabled: category !== null });
  const names = [...new Set(resources.data?.map((each) => each.resource))];
  const map = useMutation({
    mutationFn: async (target: ResourceName) => {
      await mapUnpriced(usage, target);
      return target;
    },
    onSuccess: onSaved,
  });
  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (category !== null && resource !== null) map.mutate({ category, resource });
      }}
    >
      <p className={styles["lead"]}>
        Calls of <strong>{usage.resource ?? "no resource"}</strong> in {usage.category} are priced as:
      </p>
      {usage.status === "unknown_model" ? null : (
        <p className={styles["hint"]}>
          This holds for every call of {usage.resource ?? "no resource"}, also for those that have a price
          now.
        </p>
      )}
      <PickField
        label="Category"
        options={categories}
        value={category}
        onChange={(next) => {
          setCategory(next);
          setResource(null);
        }}
        placeholder="Type a part of its name"
        none="No category has that name."
      />
      <PickField
        key={category}
        label="Resource"
        options={names}
        value={resource}
        onChange={setResource}
        placeholder="Type a part of its name"
        none={resources.isPending ? "Loading…" : "No resource of this category has that name."}
      />
      {map.error === null ? null : <Failure error={map.error} advice="Nothing was mapped." />}
      <div className={styles["actions"]}>
        <Button
          type="submit"
          className={controls["primary"]}
          disabled={resource === null || map.isPending}
          focusableWhenDisabled
        >
          {map.isPending ? "Mapping…" : "Map"}
        </Button>
      </div>
    </form>
  );
}
