import { type ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Starts a Node process so that its heap can be looked at: put this into its environment. */
export const INSPECTED = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

/** The main thread's heap of a process that was started with {@link INSPECTED}. */
export interface Heap extends AsyncDisposable {
  /** Mebibytes that are in use once garbage has been collected. */
  usedMib(): Promise<number>;
}

/** Call it before anything else reads the process's error output. */
export async function heapOf(child: ChildProcess): Promise<Heap> {
  let said = "";
  const address = /ws:\/\/\S+/;
  const heard = new Promise<void>((resolve) => {
    child.stderr?.on("data", (chunk: unknown) => {
      said += String(chunk);
      if (address.test(said)) resolve();
    });
  });
  await heard;
  const socket = new WebSocket(address.exec(said)?.[0] ?? "");
  await once(socket, "open");
  let last = 0;

  async function ask(method: string): Promise<Record<string, unknown>> {
    last += 1;
    const id = last;
    socket.send(JSON.stringify({ id, method }));
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- other messages may come before the answer
      const [event] = (await once(socket, "message")) as [{ readonly data: string }];
      const message = JSON.parse(event.data) as { id?: number; result?: Record<string, unknown> };
      if (message.id === id) return message.result ?? {};
    }
  }

  return {
    async usedMib() {
      // What only finalizers let go of goes with the second one.
      await ask("HeapProfiler.collectGarbage");
      await ask("HeapProfiler.collectGarbage");
      return Math.round((Number((await ask("Runtime.getHeapUsage"))["usedSize"]) / 2 ** 20) * 10) / 10;
    },
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}
