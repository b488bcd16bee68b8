import { Button } from "@base-ui/react/button";
import { useQueries } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { breakdownQuery } from "../api.ts";
import { showCount } from "../format.ts";
import { type Filter } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { nameField } from "../words.ts";
import { EmptyState } from "./empty-state.tsx";

import controls from "./controls.module.css";

/** Why nothing fits: which of the filters took everything away, if one of them did. */
export function NoMatch({ filters }: { readonly filters: readonly Filter[] }): ReactNode {
  const { view, period, change } = useView();
  // What the page itself is about cannot be taken away.
  const removable = filters.filter(({ field }) => view.filters.some((own) => own.field === field));
  const without = (gone: Filter): readonly Filter[] => filters.filter(({ field }) => field !== gone.field);
  const answers = useQueries({
    queries: removable.map((filter) => breakdownQuery("use_case", period, without(filter), 1)),
  });
  const culprits = removable.flatMap((filter, index) => {
    const requests = answers[index]?.data?.total.requests ?? 0;
    return requests === 0 ? [] : [{ filter, requests }];
  });
  return (
    <EmptyState title="No requests in this period">
      <p>Nothing that fits this view happened between its two ends. A longer period may show more.</p>
      {culprits.map(({ filter, requests }) => (
        <p key={filter.field}>
          <Button
            className={controls["button"]}
            onClick={() => change({ filters: view.filters.filter(({ field }) => field !== filter.field) })}
          >
            {`Without the filter ${nameField(filter.field)} there are ${showCount(requests)} requests`}
          </Button>
        </p>
      ))}
    </EmptyState>
  );
}
