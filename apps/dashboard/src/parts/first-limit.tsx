import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { seriesQuery } from "../api.ts";
import { showMoney } from "../format.ts";
import { type LimitDraft, NEW_LIMIT } from "../limit-draft.ts";
import { suggestMax } from "../limits.ts";
import { resolveRange } from "../range.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useNow } from "../use-view.ts";
import { CopyCommand } from "./copy-command.tsx";
import { EmptyState } from "./empty-state.tsx";

import controls from "./controls.module.css";

const TICK_MS = 20_000;

/** What a first limit could be, out of what the last week's dearest use case spent; and how code makes one. */
export function FirstLimit({ onAsk }: { readonly onAsk: (draft: LimitDraft) => void }): ReactNode {
  const week = resolveRange("7d", "day", useNow(TICK_MS));
  const series = useQuery(seriesQuery("use_case", { ...week, granularity: "day" }, NO_FILTERS, 1)).data;
  const dearest = series?.groups.find(({ kind }) => kind === "value");
  const max = dearest === undefined ? null : suggestMax(dearest.points.map(({ cost }) => cost));
  return (
    <EmptyState title="No limits yet">
      <p>
        A limit adds up what calls cost, warns, and, if its type is block, refuses the call that does not fit
        before it is sent.
      </p>
      {dearest === undefined || max === null ? null : (
        <p>
          <Button
            className={controls["primary"]}
            onClick={() =>
              onAsk({
                ...NEW_LIMIT,
                name: `${dearest.key} per day`,
                max,
                parts: [{ id: 0, field: "use_case", key: "", value: dearest.key }],
              })
            }
          >
            Limit {dearest.key} to {showMoney(max)} per day
          </Button>{" "}
          Half as much again as on its dearest day of the last seven.
        </p>
      )}
      <p>From code, for every user of a use case:</p>
      <CopyCommand
        text={`await createClient().limits.create({
  limitName: "Trails per user and day",
  limitType: "block",
  max: 2n * 10n ** 18n, // $2
  selector: { useCaseName: "trail_finder" },
  per: "user_id",
  period: "day",
});`}
      />
    </EmptyState>
  );
}
