/**
 * Instances of graphs that stopped to ask somebody, until their thread goes on. A thread's id is the application's own, and
 * two graphs or two tenants may use the same.
 *
 * Invariants:
 * - an instance goes on where LangGraph says that its checkpoint does, else the newest of the run's user, else where exactly
 *   one fits the run: a thread's id alone would hand the use case and the tenant of one graph to another;
 * - bounded: the oldest ends as aborted, since nobody may ever answer.
 */
import { type Instance } from "@payi/core";

/** What a run says of the thread that it is a part of. */
export interface Thread {
  readonly id: string;
  /** The graph's or the configuration's. */
  readonly runName: string | undefined;
  readonly useCaseName: string;
  readonly accountName: string | undefined;
  readonly userId: string | undefined;
}

export interface Paused {
  readonly instance: Instance;
  readonly thread: Thread;
  /** Where the graph stopped; undefined where LangGraph does not tell. */
  readonly checkpointId: string | undefined;
}

const MAX_PAUSED = 1_000;

export class PausedInstances {
  readonly #all = new Set<Paused>();

  add(paused: Paused): void {
    this.#all.add(paused);
    if (this.#all.size <= MAX_PAUSED) return;
    const [oldest] = this.#all;
    if (oldest === undefined) return;
    this.#all.delete(oldest);
    oldest.instance.end("aborted");
  }

  /** Takes out what goes on in `thread`; `checkpointId` is where it does, undefined where LangGraph does not tell. */
  take(thread: Thread, checkpointId: string | undefined): Instance | undefined {
    const found = this.#find(thread, checkpointId);
    if (found !== undefined) this.#all.delete(found);
    return found?.instance;
  }

  #find(thread: Thread, checkpointId: string | undefined): Paused | undefined {
    const alike: Paused[] = [];
    for (const paused of this.#all) {
      if (checkpointId !== undefined && paused.checkpointId === checkpointId) return paused;
      const tells = paused.checkpointId !== undefined;
      if (tells === (checkpointId !== undefined) && isAlike(paused.thread, thread)) alike.push(paused);
    }
    const mine = alike.filter((paused) => paused.thread.userId === thread.userId);
    const newest = mine.pop();
    // Whoever answers need not be who asked.
    if (newest === undefined) return onlyOne(alike);
    // The user has asked anew since, and nobody will answer these.
    for (const older of mine) {
      this.#all.delete(older);
      older.instance.end("aborted");
    }
    return newest;
  }
}

function isAlike(one: Thread, other: Thread): boolean {
  return (
    one.id === other.id &&
    one.runName === other.runName &&
    one.useCaseName === other.useCaseName &&
    one.accountName === other.accountName
  );
}

function onlyOne(paused: readonly Paused[]): Paused | undefined {
  return paused.length === 1 ? paused[0] : undefined;
}
