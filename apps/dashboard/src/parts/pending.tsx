import { type ReactNode } from "react";

import { Failure } from "./failure.tsx";
import { Skeleton } from "./skeleton.tsx";

export interface PendingProps {
  /** What is asked for. Of several that one view is made of: whether all are there, and the first that failed. */
  readonly query: {
    readonly data: unknown;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  /** How many lines it will take. */
  readonly lines: number;
}

/** Stands in for an answer until it is there: its size, or why it does not come. Nothing over an answer that is old. */
export function Pending({ query, lines }: PendingProps): ReactNode {
  if (query.data !== undefined) return null;
  if (query.error === null) return <Skeleton lines={lines} />;
  return <Failure error={query.error} onRetry={() => void query.refetch()} />;
}
