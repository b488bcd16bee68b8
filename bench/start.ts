/**
 * Cold start: what `import` and `payiInstrument()` cost beside importing a provider's client. Ours is the built package
 * (`pnpm build`), since stripping types from sources would be measured too. One start a process; the rounds repeat it.
 */
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { contest } from "./contest.ts";

const module = new URL("./start-contestant.ts", import.meta.url);

export function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  const contestants = ["openai", "payi"].map((name) => ({ name, module, arguments: [name], built: true }));
  return contest("start", contestants, options);
}
