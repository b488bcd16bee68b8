const EVERY_MS = 500;

/**
 * Calls `end` once when the process named by PAYI_PARENT_PID is gone, however it went; does nothing without that
 * variable. Keeps no process alive by itself.
 */
export function followParent(end: () => void): void {
  const parent = Number(process.env["PAYI_PARENT_PID"]);
  if (!Number.isInteger(parent) || parent <= 0) return;
  const timer = setInterval(() => {
    if (isAlive(parent)) return;
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
