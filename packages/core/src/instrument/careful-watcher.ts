import { type ResultSlot } from "../results.ts";
import { getRuntime } from "../runtime.ts";
import { type Watcher } from "./watcher.ts";

/** `work` until it throws once: that is logged, and from then on nothing is done. */
export function faultless<Given = void>(work: (given: Given) => void): (given: Given) => void {
  let broken = false;
  return (given) => {
    if (broken) return;
    try {
      work(given);
    } catch (error) {
      broken = true;
      report(error);
    }
  };
}

/** `watcher`, but a fault of ours in it is logged and never reaches the application's bytes. */
export function carefully(watcher: Watcher): Watcher {
  return new CarefulWatcher(watcher);
}

class CarefulWatcher implements Watcher {
  readonly #watcher: Watcher;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
  }

  get slot(): ResultSlot | undefined {
    return this.#watcher.slot;
  }

  get times(): Watcher["times"] {
    return this.#watcher.times;
  }

  see(chunk: Uint8Array): Uint8Array {
    try {
      return this.#watcher.see(chunk);
    } catch (error) {
      report(error);
      return chunk;
    }
  }

  end(): Uint8Array {
    try {
      return this.#watcher.end();
    } catch (error) {
      report(error);
      return NO_BYTES;
    }
  }

  whole(json: unknown): void {
    try {
      this.#watcher.whole(json);
    } catch (error) {
      report(error);
    }
  }

  wholeText(text: string): void {
    try {
      this.#watcher.wholeText(text);
    } catch (error) {
      report(error);
    }
  }

  fail(error: unknown, aborted: boolean): void {
    try {
      this.#watcher.fail(error, aborted);
    } catch (fault) {
      report(fault);
    }
  }

  cancel(): void {
    try {
      this.#watcher.cancel();
    } catch (error) {
      report(error);
    }
  }

  fault(error: unknown): void {
    report(error);
  }
}

const NO_BYTES = new Uint8Array(0);

/** Tells the log of a fault of ours. Never throws. */
export function report(error: unknown): void {
  getRuntime()?.log.warn("observe", `An answer could not be read for its usage: ${String(error)}`);
}
