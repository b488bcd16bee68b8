/** What a limit costs a call: the check with a lease beside no check, and a refusal beside a request that goes out. */
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const module = new URL("./limits-contestant.ts", import.meta.url);

/** Checks ten times `calls`: one takes microseconds. */
export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const contestants = (kind: string, names: readonly string[]) =>
    names.map((name) => ({ name, module, arguments: [kind, name] }));
  return [
    ...(await contest("limits check", contestants("check", ["open", "one limit", "three limits"]), {
      ...options,
      calls: options.calls * 10,
    })),
    ...(await contest("limits refusal", contestants("refusal", ["sent", "refused"]), options)),
  ];
}
