import { type RequestDetail } from "@payi/core/wire";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { unpricedQuery } from "../api-prices.ts";
import { type UnpricedUsage } from "../prices.ts";
import { STATUS_REASONS } from "../words.ts";
import { type PriceFix, PriceFixButtons, PriceFixDialog } from "./fix-price.tsx";

import styles from "./unpriced-request.module.css";

/** Why a request has no cost, or not all of it, and what can be done; nothing for a priced one. */
export function UnpricedRequest({ request }: { readonly request: RequestDetail }): ReactNode {
  const { status } = request;
  const [fix, setFix] = useState<PriceFix>();
  const usage = useQuery({ ...unpricedQuery, enabled: status !== "priced" }).data;
  const known = usage?.find(
    (each) =>
      each.category === request.category && each.resource === request.resource && each.status === status,
  );
  return (
    <>
      {status === "priced" ? null : (
        <div className={styles["why"]}>
          <p>{STATUS_REASONS[status]}</p>
          <PriceFixButtons usage={known ?? usageOf(request, status)} onChange={setFix} />
        </div>
      )}
      <PriceFixDialog fix={fix} onChange={setFix} />
    </>
  );
}

/** The request alone, as long as the platform has not told of others like it. */
function usageOf(request: RequestDetail, status: UnpricedUsage["status"]): UnpricedUsage {
  return {
    category: request.category,
    resource: request.resource,
    status,
    host: null,
    requests: 1,
    tokensInput: request.tokens_input,
    tokensOutput: request.tokens_output,
    units: Object.keys(request.unknown_units),
    since: request.time,
    last: request.time,
    alerted: null,
  };
}
