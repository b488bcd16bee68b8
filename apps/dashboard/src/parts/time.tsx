import { type ReactNode } from "react";

import { showAgo, showTime, showUtc } from "../format-time.ts";
import { useNow } from "../use-view.ts";

const TICK_MS = 2000;

export interface TimeProps {
  readonly at: string;
  /** As a distance from now instead of a date. */
  readonly ago?: boolean;
}

/** An instant in the reader's zone; UTC on hover. */
export function Time({ at, ago = false }: TimeProps): ReactNode {
  const now = useNow(TICK_MS);
  return (
    <time dateTime={at} title={showUtc(at)}>
      {ago ? showAgo(at, now) : showTime(at)}
    </time>
  );
}
