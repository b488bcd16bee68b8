import { type VerifyFinding } from "../query.ts";
import { fromPair } from "./columns.ts";
import { type Program, type Row, all } from "./program.ts";

const INVARIANT = "held = lines of open holds";

/** Every window holds what the lines of open holds and leases say; no hold that is over has lines; nothing is below 0. */
export function* verifyHolds(): Program<readonly VerifyFinding[]> {
  const expected = new Map<string, bigint>();
  const findings: VerifyFinding[] = [];
  const lines = yield* all(
    `SELECT hold_line.application, limit_id, hold_line.value, window_start, granted, returned, settled, hold.state, hold_line.hold_id
     FROM hold_line LEFT JOIN hold ON hold.application = hold_line.application AND hold.id = hold_line.hold_id`,
  );
  for (const row of lines) {
    const balance = ["returned", "settled"].reduce(
      (rest, name) => rest - BigInt(String(row[name])),
      BigInt(String(row["granted"])),
    );
    expected.set(placeOf(row), (expected.get(placeOf(row)) ?? 0n) + balance);
    if (row["state"] !== "open" || balance < 0n) {
      const place = `hold ${String(row["hold_id"])} on ${placeOf(row)}`;
      const found = `${balance} of a hold that is ${String(row["state"] ?? "gone")}`;
      findings.push({
        invariant: INVARIANT,
        row: place,
        expected: "a line of an open hold, at least 0",
        found,
      });
    }
  }
  const kept = new Map<string, bigint>();
  const windows = yield* all(
    `SELECT application, limit_id, value, window_start, CAST(held_hi AS TEXT) AS hi, CAST(held_lo AS TEXT) AS lo
     FROM limit_window WHERE held_hi <> 0 OR held_lo <> 0`,
  );
  for (const row of windows) kept.set(placeOf(row), fromPair(row["hi"], row["lo"]));
  for (const place of [...new Set([...expected.keys(), ...kept.keys()])].toSorted()) {
    const [wanted, found] = [expected.get(place) ?? 0n, kept.get(place) ?? 0n];
    if (wanted === found && found >= 0n) continue;
    findings.push({ invariant: INVARIANT, row: place, expected: String(wanted), found: String(found) });
  }
  return findings;
}

function placeOf(row: Row): string {
  return JSON.stringify(["application", "limit_id", "value", "window_start"].map((name) => row[name]));
}
