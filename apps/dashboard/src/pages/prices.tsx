import { type ReactNode } from "react";

import { CustomResourcesPanel } from "../parts/custom-resources-panel.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { PageTabs } from "../parts/page-tabs.tsx";
import { PriceBooksPanel } from "../parts/price-books-panel.tsx";
import { PriceListPanel } from "../parts/price-list-panel.tsx";
import { UnpricedPanel } from "../parts/unpriced-panel.tsx";
import { NO_FILTERS } from "../url-state.ts";

const TABS = [
  { value: "unpriced", name: "Unpriced usage", content: <UnpricedPanel /> },
  { value: "list", name: "Price list", content: <PriceListPanel /> },
  { value: "custom", name: "Custom resources", content: <CustomResourcesPanel /> },
  { value: "books", name: "Price books", content: <PriceBooksPanel /> },
];

/** What calls cost and why: usage without a price, the prices in force, one's own, and the books they come from. */
export function PricesPage(): ReactNode {
  return (
    <>
      <PageHeader title="Models and prices" hasRange={false} />
      <PageTabs tabs={TABS} leaves={{ search: undefined, filters: NO_FILTERS, book: undefined }} />
    </>
  );
}
