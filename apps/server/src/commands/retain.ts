import { retainAll } from "../domain/retention.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

/** `payi retain`: removes now what applications no longer keep by their settings, as a running server does once a day. */
export async function retain(args: readonly string[]): Promise<number> {
  if (readArguments(args).words.length > 0) {
    throw new SettingError(
      "payi retain takes nothing: what is kept stands in the settings of each application.",
    );
  }
  const removed = await withStore((store) => retainAll(store, Date.now()));
  for (const [kind, count] of Object.entries(removed)) {
    if (count > 0) process.stdout.write(`${kind.padEnd(8)} ${count} removed\n`);
  }
  if (Object.values(removed).every((count) => count === 0))
    process.stdout.write("Nothing is past its time.\n");
  return 0;
}
