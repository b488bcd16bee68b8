import { forgetUser } from "../domain/forget-user.ts";
import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { type ForgottenUser } from "../store/forget.ts";
import { readArguments } from "./arguments.ts";
import { SettingError } from "./setting-error.ts";
import { withStore } from "./with-store.ts";

const USAGE = "Use payi forget user USER [--application ID].";

/** `payi forget user USER`: takes a user's id out of everything that was kept, beside a running server, and says where. */
export async function forget(args: readonly string[]): Promise<number> {
  const { words, options } = readArguments(args, {
    application: { type: "string", default: DEFAULT_APPLICATION },
  });
  const [what, user, ...more] = words;
  if (what !== "user") throw new SettingError(`payi forget ${what ?? ""} is unknown. ${USAGE}`);
  if (user === undefined || user === "") throw new SettingError(`The id of the user is missing. ${USAGE}`);
  if (more.length > 0) throw new SettingError(`One user at a time. ${USAGE}`);
  const application = String(options["application"]);
  return withStore(async (store) => {
    if ((await store.application(application)) === undefined) {
      throw new SettingError(`There is no application ${application}. ${USAGE}`);
    }
    process.stdout.write(describe(await forgetUser(store, application, user, "command line")));
    return 0;
  });
}

function describe({ pseudonym, texts, places }: ForgottenUser): string {
  const { events, totals, instances, limits, notes } = places;
  if (texts + events + totals + instances + limits + notes === 0) {
    return "Nothing of this user is kept.\n";
  }
  const counts = { texts, requests: events, instances, budgets: limits, totals, notes };
  return [
    ...Object.entries(counts).flatMap(([what, count]) =>
      count === 0 ? [] : [`${what.padEnd(10)} ${count}`],
    ),
    `Texts are deleted; the rest says ${pseudonym} in place of the user. Every sum is as before.`,
    "",
  ].join("\n");
}
