const EVERY_MS = 500;

/** Calls `end` once when the process named by PAYI_PARENT_PID is gone, however it went; nothing without that variable. */
export function followParent(end: () => void): void {
  const parent = Number(process.env["PAYI_PARENT_PID"]);
  if (Number.isInteger(parent) && parent > 0) followProcesses([parent], end);
}

/** Calls `end` once when one of the processes is gone. Keeps this process alive not by itself. */
export function followProcesses(pids: readonly number[], end: () => void): void {
  if (pids.length === 0) return;
  const timer = setInterval(() => {
    if (pids.every(isAlive)) return;
    clearInterval(timer);
    end();
  }, EVERY_MS);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is such a process, it is only not ours.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
