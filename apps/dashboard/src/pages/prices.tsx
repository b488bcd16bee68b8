import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode } from "react";

import { CustomResourcesPanel } from "../parts/custom-resources-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PriceBooksPanel } from "../parts/price-books-panel.tsx";
import { PriceListPanel } from "../parts/price-list-panel.tsx";
import { UnpricedPanel } from "../parts/unpriced-panel.tsx";
import { useView } from "../use-view.ts";

import styles from "./page.module.css";

const TABS = [
  { value: "unpriced", name: "Unpriced usage", Panel: UnpricedPanel },
  { value: "list", name: "Price list", Panel: PriceListPanel },
  { value: "custom", name: "Custom resources", Panel: CustomResourcesPanel },
  { value: "books", name: "Price books", Panel: PriceBooksPanel },
] as const;

/** What calls cost and why: usage without a price, the prices in force, one's own, and the books they come from. */
export function PricesPage(): ReactNode {
  const { view, change } = useView();
  const tab = TABS.find(({ value }) => value === view.tab)?.value ?? "unpriced";
  return (
    <>
      <PageHeader title="Models and prices" hasRange={false} />
      <Tabs.Root
        value={tab}
        onValueChange={(value) =>
          change({
            tab: value === "unpriced" ? undefined : String(value),
            sort: undefined,
            search: undefined,
            filters: [],
            book: undefined,
          })
        }
      >
        <Tabs.List className={styles["tabs"]}>
          {TABS.map(({ value, name }) => (
            <Tabs.Tab key={value} value={value} className={styles["tab"]}>
              {name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, Panel }) => (
          <Tabs.Panel key={value} value={value} className={styles["tabPanel"]}>
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}
