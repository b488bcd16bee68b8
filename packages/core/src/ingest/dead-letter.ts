/** Events that the platform will never take, kept with its answer for whoever wants to know why. */
import { type ThrottledLog } from "../logger.ts";
import { type NodeModules } from "./node-modules.ts";
import { ensurePrivateFolder } from "./spool-folder.ts";

const MAX_BYTES = 8 << 20;

/** One JSON line per event, in a file of the spool's folder that only its owner can read; at most 8 MiB of them. */
export class DeadLetters {
  readonly #node: NodeModules;
  readonly #folder: string;
  readonly #log: ThrottledLog;

  constructor(node: NodeModules, folder: string, log: ThrottledLog) {
    this.#node = node;
    this.#folder = folder;
    this.#log = log;
  }

  /** Never throws. */
  add(reason: string, answer: string, eventJson: string): void {
    const { fs, path } = this.#node;
    const file = path.join(this.#folder, "dead-letters.jsonl");
    try {
      ensurePrivateFolder(this.#node, this.#folder);
      if ((fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) {
        fs.renameSync(file, `${file}.old`);
      }
      const head = JSON.stringify({ time: new Date().toISOString(), reason, answer });
      fs.appendFileSync(file, `${head.slice(0, -1)},"event":${eventJson}}\n`, { mode: 0o600 });
    } catch (error) {
      this.#log.warn("dead_letter", `A dropped event could not be kept in ${file}: ${String(error)}`);
    }
  }
}
