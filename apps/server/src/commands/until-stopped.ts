import { followProcesses } from "../process/follow-parent.ts";
import { launchers } from "../process/launchers.ts";
import { type Settings } from "./settings.ts";

/**
 * Resolves at the first SIGTERM or SIGINT, when the parent process of the settings is gone, or when one of the
 * processes is gone through which a package script started this one: a signal to them does not reach us.
 */
export async function untilStopped(settings: Settings): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => resolve();
    process.once("SIGTERM", end);
    process.once("SIGINT", end);
    const parent = settings.parentProcessId;
    followProcesses(parent === undefined || parent === 0 ? [] : [parent], end);
    // Without a package manager a shell above us is the person's own, and may end before what it started.
    if (process.env["npm_config_user_agent"] !== undefined) followProcesses(launchers(), end);
  });
}
