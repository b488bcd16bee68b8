import { Button } from "@base-ui/react/button";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { dryRunQuery, reprice } from "../api-prices.ts";
import { showCount, showMoneyChange } from "../format.ts";
import { type Repricing, type ResourceName, type UnpricedUsage } from "../prices.ts";
import { Failure } from "./failure.tsx";
import { RepriceDifference } from "./reprice-difference.tsx";
import { Skeleton } from "./skeleton.tsx";
import { Time } from "./time.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

export interface RepriceOfferProps {
  readonly usage: UnpricedUsage;
  /** What the calls are priced as from now on. */
  readonly target: ResourceName;
  readonly onDone: () => void;
}

/** Shows what a new price would make of the past calls, and re-prices them when told to. */
export function RepriceOffer({ usage, target, onDone }: RepriceOfferProps): ReactNode {
  const [to] = useState(() => new Date().toISOString());
  const scope = { category: usage.category, resource: usage.resource, from: usage.since, to };
  const dryRun = useQuery(dryRunQuery(scope, target));
  const [examined, setExamined] = useState(0);
  const apply = useMutation({
    mutationFn: () => reprice(scope, setExamined),
  });
  if (apply.data !== undefined) return <Done repricing={apply.data} onDone={onDone} />;
  const found = dryRun.data;
  return (
    <div className={styles["form"]}>
      <p className={styles["lead"]}>
        From now on, calls of <strong>{usage.resource ?? "no resource"}</strong> cost what{" "}
        <strong>{target.resource}</strong> of {target.category} costs. Earlier ones, since{" "}
        <Time at={usage.since} />, keep their cost unless they are re-priced, each at the price of its own
        time.
      </p>
      {dryRun.error === null ? null : (
        <Failure
          error={dryRun.error}
          advice="The new price is saved; only the past could not be tried."
          onRetry={() => void dryRun.refetch()}
        />
      )}
      {found === undefined && dryRun.error === null ? <Skeleton lines={4} /> : null}
      {found === undefined ? null : <RepriceDifference repricing={found} />}
      {apply.error === null ? null : (
        <Failure error={apply.error} advice="Applying it again counts nothing twice." />
      )}
      <div className={styles["actions"]}>
        <Button className={controls["button"]} onClick={onDone}>
          Leave the past as it is
        </Button>
        {found === undefined || found.requests === 0 ? null : (
          <Button
            className={controls["primary"]}
            disabled={apply.isPending}
            focusableWhenDisabled
            onClick={() => apply.mutate()}
          >
            {apply.isPending ? `Re-pricing… ${showCount(examined)} looked at` : `Re-price ${callsOf(found)}`}
          </Button>
        )}
      </div>
    </div>
  );
}

function Done({
  repricing,
  onDone,
}: {
  readonly repricing: Repricing;
  readonly onDone: () => void;
}): ReactNode {
  return (
    <div className={styles["form"]}>
      <p className={styles["lead"]} role="status">
        <strong>Re-priced {callsOf(repricing)}</strong>, {showMoneyChange(repricing.difference)} in all.
        Limits and totals follow; the earlier figures are kept.
      </p>
      <div className={styles["actions"]}>
        <Button className={controls["primary"]} onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}

function callsOf({ requests }: Repricing): string {
  return requests === 1 ? "1 call" : `${showCount(requests)} calls`;
}
