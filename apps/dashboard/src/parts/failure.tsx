import { Button } from "@base-ui/react/button";
import { TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";

import { ApiFailure } from "../api-failure.ts";

import controls from "./controls.module.css";
import styles from "./failure.module.css";

export interface FailureProps {
  readonly error: Error;
  /** What follows from it where something was to be changed; what to do about a view, unless told. */
  readonly advice?: string;
  readonly onRetry?: () => void;
}

/** What went wrong in the platform's own words, what to do, and the id under which the platform knows it. */
export function Failure({ error, advice, onRetry }: FailureProps): ReactNode {
  const failure = error instanceof ApiFailure ? error : undefined;
  return (
    <div className={styles["failure"]} role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <div className={styles["body"]}>
        <strong>{failure === undefined ? "The platform cannot be reached." : failure.message}</strong>
        <span>{advice ?? adviceFor(failure)}</span>
        {failure?.requestId === undefined ? null : <code>request {failure.requestId}</code>}
      </div>
      {onRetry === undefined ? null : (
        <Button className={controls["button"]} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function adviceFor(failure: ApiFailure | undefined): string {
  if (failure === undefined) return "Check that it is running; the figures come back by themselves.";
  if (failure.status === 404) return "It may have been removed, or the link is of another application.";
  if (failure.status === 403) return "This key may not read. Sign in with a key that may.";
  if (failure.status < 500) return `Check the filters and the range of this view (${failure.code}).`;
  return "Look for the request in the platform's log.";
}
