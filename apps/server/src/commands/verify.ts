import { withStore } from "./with-store.ts";

/** `payi verify`: exit code 0 when every invariant holds, else 1 and a line per broken one. */
export async function verify(): Promise<number> {
  const findings = await withStore((store) => store.verify());
  for (const { invariant, row, expected, found } of findings) {
    process.stdout.write(`${invariant}: ${row}\n  expected ${expected}\n  found    ${found}\n`);
  }
  if (findings.length > 0) return 1;
  process.stdout.write("Ledger, counters and rollups are what the events say.\n");
  return 0;
}
