/**
 * Whose a folder of the spool is: its name says which process writes there. To take over what a dead process left, the
 * folder is renamed; a rename succeeds for one process only, so that it is the lock as well.
 */
import { type NodeModules } from "./node-modules.ts";

/** How long a folder of another machine or container must have been untouched before it counts as left behind. */
const FOREIGN_STALE_MS = 300_000;
/** How often a process touches its own folder. */
export const TOUCH_MS = 60_000;

export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in the kernel's ticks; 0 where nobody tells. A process id alone is used again. */
  readonly started: string;
}

export function thisProcess(node: NodeModules): Owner {
  const boot = readText(node, "/proc/sys/kernel/random/boot_id") ?? "";
  const host = node.crypto.createHash("sha256").update(`${node.os.hostname()}\n${boot}`).digest("hex");
  return {
    host: host.slice(0, 12),
    pid: process.pid,
    started: startOf(node, process.pid) ?? "0",
  };
}

export function ownedName(owner: Owner, ledgerId: string): string {
  return `${owner.host}.${owner.pid}.${owner.started}.${ledgerId}`;
}

/** The name of a folder that nobody writes to any more. */
export function freeName(ledgerId: string): string {
  return `free.${ledgerId}`;
}

/** The ledger in a folder that may be taken over by `self`; undefined while its owner may be alive. */
export function abandonedLedger(
  node: NodeModules,
  self: Owner,
  name: string,
  touchedMs: number,
): string | undefined {
  const [first = "", pid = "", started = "", ledgerId] = name.split(".");
  if (first === "free") return pid;
  if (ledgerId === undefined) return undefined;
  if (first !== self.host) return Date.now() - touchedMs > FOREIGN_STALE_MS ? ledgerId : undefined;
  return isAlive(node, Number(pid), started) ? undefined : ledgerId;
}

function isAlive(node: NodeModules, pid: number, started: string): boolean {
  if (started !== "0") return startOf(node, pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Field 22 of the process's status, behind a name that may hold blanks and parentheses. */
function startOf(node: NodeModules, pid: number): string | undefined {
  const text = readText(node, `/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
}

function readText(node: NodeModules, path: string): string | undefined {
  try {
    return node.fs.readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
