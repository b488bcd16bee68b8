/** What a price costs: our compiled rate cards beside genai-prices' search, by call and from nothing to the first. */
import { type BenchOptions, type BenchRow } from "./bench-row.ts";
import { type Contestant, contest } from "./contest.ts";

const perCall = new URL("./price-contestant.ts", import.meta.url);
const load = new URL("./price-load-contestant.ts", import.meta.url);

/** Prices a hundred times `calls`: one price takes less than a microsecond. */
export async function run(options: BenchOptions): Promise<readonly BenchRow[]> {
  return [
    ...(await contest("price", contestants(perCall), { ...options, calls: options.calls * 100 })),
    ...(await contest("price load", contestants(load), options)),
  ];
}

function contestants(module: URL): readonly Contestant[] {
  return ["genai-prices", "payi"].map((name) => ({ name, module, arguments: [name] }));
}
