import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { Link } from "react-router";

import { categoriesQuery, resourcesQuery } from "../api-prices.ts";
import { showCount } from "../format.ts";
import { type ListedResource, isSystem } from "../prices.ts";
import { type View, linkTo, withFilter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { ExportButton } from "./export-button.tsx";
import { Panel } from "./panel.tsx";
import { Pending } from "./pending.tsx";
import { priceColumns } from "./price-columns.tsx";
import { PriceCommand } from "./price-command.tsx";
import { Sources, Variants } from "./price-origin.tsx";

import controls from "./controls.module.css";
import styles from "./price-columns.module.css";

/** Shown first, when there is one. */
const FIRST_CATEGORY = "system.openai";

/** What every resource of a category costs now at standard terms. */
export function PriceListPanel(): ReactNode {
  const { view, change } = useView();
  const categories = useQuery(categoriesQuery);
  const category = categoryOf(view, categories.data ?? []);
  const resources = useQuery({ ...resourcesQuery(category ?? ""), enabled: category !== undefined });
  const all = resources.data;
  const wanted = view.search?.toLowerCase() ?? "";
  const rows = all?.filter(({ resource }) => resource.toLowerCase().includes(wanted));
  const columns = listColumns(view);
  return (
    <Panel
      title="Price list"
      note={rows === undefined ? "USD" : `USD; ${showCount(rows.length)} in force now, standard tier`}
      actions={
        <>
          <input
            className={`${controls["input"]} ${styles["search"]}`}
            type="search"
            aria-label="Search the price list"
            placeholder="Search"
            spellCheck={false}
            value={view.search ?? ""}
            onChange={({ target }) =>
              change({ search: target.value === "" ? undefined : target.value }, { replace: true })
            }
          />
          {category === undefined ? null : (
            <Choice
              label="of"
              value={category}
              options={(categories.data ?? []).map((value) => ({ value, label: value }))}
              onChange={(value) =>
                change({ filters: withFilter(view.filters, { field: "category", value }), search: undefined })
              }
            />
          )}
          <ExportButton name={`payi-prices-${category ?? "none"}`} columns={columns} rows={rows ?? []} />
        </>
      }
    >
      <Pending query={categories.error === null ? resources : categories} lines={8} />
      {rows?.length === 0 ? (
        <EmptyState title={all?.length === 0 ? "This category has no prices" : "No resource has that name"}>
          <p>Calls of a resource without a price are kept and marked unpriced, never counted as free.</p>
          <p>To ask what a call would cost:</p>
          <PriceCommand />
        </EmptyState>
      ) : null}
      {rows === undefined || rows.length === 0 ? null : (
        <DataTable<ListedResource>
          caption={`Prices of ${category}`}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          sort={view.sort}
          onSort={(sort) => change({ sort })}
        />
      )}
    </Panel>
  );
}

function categoryOf(view: View, categories: readonly string[]): string | undefined {
  const wanted = view.filters.find(({ field }) => field === "category")?.value;
  return (
    categories.find((name) => name === wanted) ??
    categories.find((name) => name === FIRST_CATEGORY) ??
    categories.find(isSystem) ??
    categories[0]
  );
}

function listColumns(view: View): readonly Column<ListedResource>[] {
  return [
    {
      id: "resource",
      header: "Resource",
      value: ({ resource }) => resource,
      order: "text",
      cell: ({ category, resource, aliasOf }) => (
        <span className={styles["name"]}>
          <Link
            to={linkTo("/requests", view, {
              filters: [
                { field: "category", value: category },
                { field: "resource", value: resource },
              ],
            })}
          >
            {resource}
          </Link>
          {aliasOf === null || aliasOf === resource ? null : (
            <span className={styles["quiet"]}>priced as {aliasOf}</span>
          )}
        </span>
      ),
    },
    ...priceColumns(),
    {
      id: "large_context",
      header: "Other above",
      hint: "Tokens of input from which other prices hold for the whole request",
      align: "right",
      order: "number",
      value: ({ largeContext }) => largeContext,
      cell: ({ largeContext }) => (largeContext === null ? null : showCount(largeContext)),
    },
    {
      id: "variants",
      header: "Other prices",
      hint: "Tiers, scopes and residencies with prices of their own; shown are those of the standard tier",
      value: ({ variants }) => variants.join("; "),
      cell: (resource) => <Variants resource={resource} />,
    },
    {
      id: "source",
      header: "Source",
      hint: "A: the provider's own page; B: a copy of it; C: derived",
      value: ({ sources }) => sources.map(({ url, confidence }) => `${confidence} ${url}`).join("; "),
      cell: ({ sources }) => <Sources sources={sources} />,
    },
    {
      id: "start",
      header: "In force since",
      value: ({ start }) => start,
      order: "text",
      cell: ({ start }) => <span className={styles["date"]}>{start?.slice(0, 10) ?? "always"}</span>,
    },
  ];
}
