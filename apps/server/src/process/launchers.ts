import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** npm, npx, pnpm and turbo, under whatever path, and the shells that they start scripts with. */
const LAUNCHER = /(^|[\s/])(npm|npx|pnpm|turbo)\b|^\S*sh -c\b/;
const MOST = 12;

/**
 * The processes between the person and this program when a package script started it: pnpm, its shell, npx, and theirs.
 * A signal to one of them does not reach us (npx keeps it, pnpm gives scripts a process group of their own), so whoever
 * wants to end with them has to watch them. Empty when we were started directly, and on Windows.
 */
export function launchers(): readonly number[] {
  const found: number[] = [];
  let pid = process.ppid;
  while (pid > 1 && found.length < MOST) {
    const ancestor = describe(pid);
    if (ancestor === undefined || !LAUNCHER.test(ancestor.command)) break;
    found.push(pid);
    pid = ancestor.parent;
  }
  return found;
}

function describe(pid: number): { readonly parent: number; readonly command: string } | undefined {
  try {
    if (process.platform === "linux") {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      return { parent: Number(parent), command };
    }
    if (process.platform === "win32") return undefined;
    const line = execFileSync("ps", ["-o", "ppid=,command=", "-p", String(pid)], { encoding: "utf8" });
    const [, parent, command = ""] = /^(\d+)\s+(\S.*)$/.exec(line.trim()) ?? [];
    return { parent: Number(parent), command };
  } catch {
    return undefined;
  }
}
