import { recordChange } from "./audit.ts";
import { type Program } from "./program.ts";

/** Who is written down where nobody is told: whoever may read the database does as they like. */
export const COMMAND_LINE = "command line";

/** What is changed, and by whom. */
export interface AuditedChange {
  readonly application: string;
  readonly actor: string | undefined;
  readonly action: string;
  readonly subject: string;
}

/** Does `work`, and writes down what `look` saw before and after it, in the same transaction. A change to the same is none. */
export function* audited<Ended>(
  { actor = COMMAND_LINE, ...change }: AuditedChange,
  look: () => Program<unknown>,
  work: () => Program<Ended>,
): Program<Ended> {
  const before = (yield* look()) ?? null;
  const ended = yield* work();
  const after = (yield* look()) ?? null;
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    yield* recordChange({ ...change, actor, before, after });
  }
  return ended;
}
