import { Tabs } from "@base-ui/react/tabs";
import { type ReactNode } from "react";

import { type View } from "../url-state.ts";
import { useView } from "../use-view.ts";

import styles from "./page-tabs.module.css";

export interface PageTab {
  /** As the URL has it; the first one is left out there. */
  readonly value: string;
  readonly name: string;
  /** Shown, and asked for, only while the tab is open. */
  readonly content: ReactNode;
}

export interface PageTabsProps {
  readonly tabs: readonly PageTab[];
  /** What of the view belongs to one tab and is left behind with it, besides the sort. */
  readonly leaves?: Partial<View>;
}

/** The parts of a page, one at a time; the URL says which. */
export function PageTabs({ tabs, leaves }: PageTabsProps): ReactNode {
  const { view, change } = useView();
  const first = tabs[0]?.value;
  const tab = tabs.find(({ value }) => value === view.tab)?.value ?? first;
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(value) =>
        change({ ...leaves, sort: undefined, tab: value === first ? undefined : String(value) })
      }
    >
      <Tabs.List className={styles["tabs"]}>
        {tabs.map(({ value, name }) => (
          <Tabs.Tab key={value} value={value} className={styles["tab"]}>
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value} className={styles["tabPanel"]}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
