import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { breakdownQuery } from "../api.ts";
import { NO_FILTERS } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { type PolicyDraft } from "../value.ts";
import { CopyCommand } from "./copy-command.tsx";
import { EmptyState } from "./empty-state.tsx";

import controls from "./controls.module.css";

/** The first policy: for the use case that costs most, or as code. */
export function FirstPolicy({ onAsk }: { readonly onAsk: (draft: PolicyDraft) => void }): ReactNode {
  const { period } = useView();
  const dearest = useQuery(breakdownQuery("use_case", period, NO_FILTERS, 1)).data?.rows[0]?.key;
  return (
    <EmptyState title="Nobody has said what an instance is worth">
      <p>
        A value policy is an equation over KPIs, cost and counts. With one, every use case shows its value
        beside its cost. What is unknown stays unknown and is never counted as zero.
      </p>
      {dearest === undefined ? null : (
        <p>
          <Button
            className={controls["primary"]}
            onClick={() => onAsk({ useCase: dearest, description: "", money: "", time: "" })}
          >
            Write one for {dearest}
          </Button>
        </p>
      )}
      <p>Or keep it in git and send it from there:</p>
      <CopyCommand
        text={`curl ${globalThis.location.origin}/api/v1/value-policies \\
  -H "xProxy-api-key: $PAYI_API_KEY" -H "content-type: application/json" \\
  -d '{"use_case_name": "${dearest ?? "support"}", "money": "if(kpi.resolved, 12.50, 0) - cost"}'`}
      />
    </EmptyState>
  );
}
