import { Button } from "@base-ui/react/button";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";

import { categoriesQuery, versionsQuery } from "../api-prices.ts";
import { type ListedResource, type ResourceName, isSystem } from "../prices.ts";
import { useView } from "../use-view.ts";
import { type Column } from "./column.ts";
import { CopyCommand } from "./copy-command.tsx";
import { CustomResourceForm } from "./custom-resource-form.tsx";
import { DataTable } from "./data-table.tsx";
import { DbuPricesPanel } from "./dbu-prices-panel.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { FormDialog } from "./form-dialog.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { priceColumns } from "./price-columns.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./price-columns.module.css";

/** What the form is open for: nothing yet known, or a further version of a resource. */
interface Asked {
  readonly name?: ResourceName;
  readonly units?: readonly string[];
}

/** The organization's own resources with every version, and a way to add one. */
export function CustomResourcesPanel(): ReactNode {
  const client = useQueryClient();
  const { view, change } = useView();
  const [asked, setAsked] = useState<Asked>();
  const categories = useQuery(categoriesQuery);
  const own = (categories.data ?? []).filter((category) => !isSystem(category));
  const answers = useQueries({ queries: own.map(versionsQuery) });
  const error = categories.error ?? answers.find((answer) => answer.error !== null)?.error ?? null;
  const isKnown = categories.data !== undefined && answers.every(({ data }) => data !== undefined);
  const rows = isKnown ? answers.flatMap(({ data }) => data ?? []) : undefined;
  const columns = customColumns((resource) =>
    setAsked({ name: resource, units: resource.prices.map(({ unit }) => unit) }),
  );
  return (
    <>
      <Panel
        title="Custom resources"
        note="an event is priced by the version in force at its time"
        actions={
          <>
            <Button className={controls["button"]} onClick={() => setAsked({})}>
              <Plus size={14} aria-hidden="true" />
              Create a custom resource
            </Button>
            <ExportButton name="payi-custom-resources" columns={columns} rows={rows ?? []} />
          </>
        }
      >
        <Pending
          query={{ data: rows, error, refetch: () => client.refetchQueries({ queryKey: ["prices"] }) }}
          lines={6}
        />
        {rows?.length === 0 ? <NoneYet /> : null}
        {rows === undefined || rows.length === 0 ? null : (
          <DataTable<ListedResource>
            caption="Custom resources"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            sort={view.sort}
            onSort={(sort) => change({ sort })}
          />
        )}
        <FormDialog
          title={asked?.name === undefined ? "Create a custom resource" : "Add a version"}
          isOpen={asked !== undefined}
          onClose={() => setAsked(undefined)}
        >
          {asked === undefined ? null : (
            <CustomResourceForm
              suggestion={asked.name}
              units={asked.units}
              onSaved={async () => {
                await client.invalidateQueries({ queryKey: ["prices"] });
                setAsked(undefined);
              }}
            />
          )}
        </FormDialog>
      </Panel>
      <DbuPricesPanel />
    </>
  );
}

function NoneYet(): ReactNode {
  return (
    <EmptyState title="No resources of your own">
      <p>
        Negotiated prices, models on your own machines, units nobody else has: each is a resource with its own
        prices. Calls name it by category and resource. From a script:
      </p>
      <CopyCommand
        text={`curl ${globalThis.location.origin}/api/v1/categories/custom/resources/my-model \\
  -H "xProxy-api-key: $PAYI_API_KEY" -H "content-type: application/json" \\
  -d '{"units": {"text": {"input_price": "0.000001", "output_price": "0.000002"}}}'`}
      />
    </EmptyState>
  );
}

function customColumns(onAdd: (resource: ListedResource) => void): readonly Column<ListedResource>[] {
  return [
    {
      id: "resource",
      header: "Resource",
      value: ({ resource }) => resource,
      order: "text",
      cell: ({ category, resource }) => (
        <span className={styles["name"]}>
          {resource}
          <span className={styles["quiet"]}>{category}</span>
        </span>
      ),
    },
    { id: "state", header: "State", value: nameState, order: "text" },
    {
      id: "start",
      header: "From",
      value: ({ start }) => start,
      order: "text",
      cell: ({ start }) => <Day at={start} otherwise="always" />,
    },
    {
      id: "end",
      header: "Until",
      value: ({ end }) => end,
      order: "text",
      cell: ({ end }) => <Day at={end} otherwise="further notice" />,
    },
    ...priceColumns(),
    {
      id: "add",
      header: "Change",
      isControl: true,
      value: () => null,
      cell: (resource) => (
        <Button className={controls["button"]} onClick={() => onAdd(resource)}>
          Add a version
        </Button>
      ),
    },
  ];
}

function Day({ at, otherwise }: { readonly at: string | null; readonly otherwise: string }): ReactNode {
  return <span className={styles["date"]}>{at === null ? otherwise : <Time at={at} />}</span>;
}

function nameState({ active, start }: ListedResource): string {
  if (active) return "in force";
  return start !== null && Date.parse(start) > Date.now() ? "to come" : "over";
}
