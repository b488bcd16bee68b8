import { type Settings } from "./settings.ts";

const PARENT_CHECK_MS = 500;

/** Resolves at the first SIGTERM or SIGINT, or when the parent process of the settings is gone. */
export async function untilStopped(settings: Settings): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    const parent = settings.parentProcessId;
    if (parent === undefined) return;
    const timer = setInterval(() => {
      if (isAlive(parent)) return;
      clearInterval(timer);
      resolve();
    }, PARENT_CHECK_MS);
    timer.unref();
  });
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it is alive and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
