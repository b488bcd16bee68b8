/** What is known of a call when it opens and when it ends. */
import { type AttemptTrace } from "./attempt-links.ts";
import { type CallScope } from "./call-scope.ts";
import { type CallClock } from "./call-times.ts";
import { type ContextValues } from "./context.ts";
import { type Instance } from "./instance.ts";
import { type Match, type Reading, type RequestFacts } from "./providers/provider.ts";
import { type Outcome } from "./usage.ts";

/** What is known when a call is opened; the context is frozen here for the whole call. */
export interface CallOpening {
  readonly match: Match;
  readonly request: RequestFacts;
  readonly url: URL;
  readonly context: ContextValues;
  readonly instance: Instance | undefined;
  /** Number of this HTTP attempt, from 1. */
  readonly attempt: number;
  /** What the SDK may repeat; left out where attempts are not numbered. */
  readonly trace?: AttemptTrace | undefined;
  /** The layer around the call, which has authorised its first attempt. */
  readonly scope?: CallScope | undefined;
  /** After this long the SDK gives up by itself, where it says so. */
  readonly timeoutMs?: number | undefined;
  /** Whether the SDK's own timer ended the call, where the SDK does not say after how long it gives up. */
  readonly abortedByTimer?: (() => boolean) | undefined;
  /** Where in the application the call was made: a JSON array of frames. */
  readonly stackTrace?: string | undefined;
  /** For transports: the asynchronous flow the call is made in, by identity; undefined outside of every scope. */
  readonly flow?: object | undefined;
  /** When a call began that is opened only at its end. */
  readonly clock?: CallClock | undefined;
}

/** How a call ended. */
export interface CallEnding {
  readonly outcome: Outcome;
  /** The provider's status, where an answer came. */
  readonly status?: number | undefined;
  readonly reading?: Reading | undefined;
  /** Identifies a failed attempt, when the provider named it. */
  readonly requestId?: string | undefined;
  readonly error?: unknown;
}
