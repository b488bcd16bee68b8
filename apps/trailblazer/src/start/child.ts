import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const KEPT_LINES = 15;
const PATIENCE_MS = 6000;

/** A program that runs beside the starter and ends with it. */
export class Child {
  readonly name: string;
  /** Resolves when it has ended, with how. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];

  /** Starts a Node program the way this one was started. What it says on stderr is passed on, with its name before it. */
  constructor(
    name: string,
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.name = name;
    this.#process = spawn(process.execPath, [...process.execArgv, program, ...args], {
      env: { ...process.env, ...environment, PAYI_PARENT_PID: String(process.pid) },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own: Ctrl-C reaches the starter alone, which then stops the app before the platform.
      detached: process.platform !== "win32",
    });
    this.#keepLines("stdout", () => undefined);
    this.#keepLines("stderr", (line) => process.stderr.write(`[${name}] ${line}\n`));
    this.ended = this.#waitForEnd();
  }

  /** The last lines it wrote, oldest first. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Asks it to end, and after six seconds ends it. Resolves when it has. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    const impatient = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    await this.ended;
    clearTimeout(impatient);
  }

  async #waitForEnd(): Promise<string> {
    try {
      const [code, signal] = (await once(this.#process, "close")) as [number | null, string | null];
      return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    } catch (error) {
      return `could not be started: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #keepLines(from: "stdout" | "stderr", also: (line: string) => void): void {
    const stream = this.#process[from];
    if (stream === null) return;
    createInterface({ input: stream }).on("line", (line) => {
      this.#lines.push(line);
      if (this.#lines.length > KEPT_LINES) this.#lines.shift();
      also(line);
    });
  }
}
