import { useQueryClient } from "@tanstack/react-query";
import {
  type ReactNode,
  createContext,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";

import { type LiveState, followEvents } from "./live.ts";
import { isSignInNeeded, onSessionChange } from "./session.ts";

/** However many events arrive, the figures are asked for anew at most this often. */
const REFRESH_MS = 1000;

export interface LiveUpdates {
  readonly state: LiveState;
  /** Requests told since the page was opened. */
  readonly count: number;
  /** While true, arriving events leave what is on screen alone. */
  readonly isPaused: boolean;
  readonly pause: (paused: boolean) => void;
}

const LiveContext = createContext<LiveUpdates>({
  state: "connecting",
  count: 0,
  isPaused: false,
  pause: () => undefined,
});

/** The state of the event stream, wherever it is shown. */
export function useLiveUpdates(): LiveUpdates {
  return use(LiveContext);
}

/** Follows the platform's event stream and has the figures on screen asked for anew when something arrived. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const isSignedOut = useSyncExternalStore(onSessionChange, isSignInNeeded);
  const [state, setState] = useState<LiveState>("connecting");
  const [count, setCount] = useState(0);
  const [isPaused, setPaused] = useState(false);

  useEffect(() => {
    if (isSignedOut || isPaused) return undefined;
    const controller = new AbortController();
    const refresh = atMostEvery(REFRESH_MS, () => void client.invalidateQueries({ queryKey: ["analytics"] }));
    void followEvents(
      {
        onState: (next) => {
          setState(next);
          if (next === "open") refresh.request();
        },
        onRequest: () => {
          setCount((before) => before + 1);
          refresh.request();
        },
        onScore: refresh.request,
      },
      controller.signal,
    );
    return () => {
      controller.abort();
      refresh.cancel();
    };
  }, [client, isSignedOut, isPaused]);

  const updates = useMemo(() => ({ state, count, isPaused, pause: setPaused }), [state, count, isPaused]);
  return <LiveContext value={updates}>{children}</LiveContext>;
}

/** Runs at once, then at most once per interval; the last request is never lost. */
function atMostEvery(intervalMs: number, run: () => void): { request: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const fire = (): void => {
    isWanted = false;
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) fire();
    }, intervalMs);
  };
  return {
    request: () => {
      if (timer === undefined) fire();
      else isWanted = true;
    },
    cancel: () => clearTimeout(timer),
  };
}
