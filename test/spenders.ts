/** Processes that spend one budget together, and what they said of their calls. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

import { until } from "../packages/core/test/support.ts";
import { type SpenderCall, type SpenderCommand, type SpenderReport } from "./spender-messages.ts";

const SCRIPT = new URL("./limit-spender.ts", import.meta.url);

/** One of them. */
export class Spender implements AsyncDisposable {
  readonly child: ChildProcess;
  calls: SpenderCall[] = [];
  #idle = 0;
  #ready = false;

  constructor(platform: string, key: string, provider: string, ...spool: readonly string[]) {
    this.child = fork(SCRIPT, [platform, key, provider, ...spool], {
      execArgv: ["--conditions=@payi/source"],
    });
    this.child.on("message", (report: SpenderReport) => {
      if (report === "ready") this.#ready = true;
      else if (report === "idle") this.#idle += 1;
      else this.calls.push(report);
    });
  }

  /** Calls go on from now. */
  async spend(userId: string, lanes: number): Promise<void> {
    await until(() => this.#ready, "the process has started");
    this.calls = [];
    this.#tell({ do: "spend", userId, lanes });
  }

  /** Resolves once no call is under way and all are reported to the platform. */
  async rest(): Promise<void> {
    const before = this.#idle;
    this.#tell({ do: "rest" });
    await until(() => this.#idle > before, "all calls have ended and are delivered");
  }

  of(kind: SpenderCall["kind"]): readonly SpenderCall[] {
    return this.calls.filter((call) => call.kind === kind);
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #tell(command: SpenderCommand): void {
    this.child.send(command);
  }
}
