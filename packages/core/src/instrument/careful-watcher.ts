import { getRuntime } from "../runtime.ts";
import { type Watcher } from "./watcher.ts";

/** `work` until it throws once: that is logged, and from then on nothing is done. */
export function faultless<Given extends unknown[]>(
  work: (...given: Given) => void,
): (...given: Given) => void {
  let broken = false;
  return (...given) => {
    if (broken) return;
    try {
      work(...given);
    } catch (error) {
      broken = true;
      report(error);
    }
  };
}

/** `watcher`, but a fault of ours in it is logged and never reaches the application's bytes. */
export function carefully(watcher: Watcher): Watcher {
  return {
    see(chunk) {
      try {
        return watcher.see(chunk);
      } catch (error) {
        report(error);
        return chunk;
      }
    },
    end() {
      try {
        return watcher.end();
      } catch (error) {
        report(error);
        return NO_BYTES;
      }
    },
    whole: faultless((json: unknown) => watcher.whole(json)),
    wholeText: faultless((text: string) => watcher.wholeText(text)),
    fail: faultless((error: unknown) => watcher.fail(error)),
    cancel: faultless(() => watcher.cancel()),
  };
}

const NO_BYTES = new Uint8Array(0);

function report(error: unknown): void {
  getRuntime()?.log.warn("observe", `An answer could not be read for its usage: ${String(error)}`);
}
