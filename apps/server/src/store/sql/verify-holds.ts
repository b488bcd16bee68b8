import { type VerifyFinding } from "../query.ts";
import { fromPair } from "./columns.ts";
import { type HoldLine, NO_LINES, balanceOf, readLines } from "./hold-lines.ts";
import { type Program, type Row, all } from "./program.ts";

const HELD = "held = lines of open holds";
const LEASES = "leases = open leases with a line";

/** What a window has of holds. */
interface Standing {
  readonly held: bigint;
  readonly leases: number;
}

const NOTHING: Standing = { held: 0n, leases: 0 };

/** Every window holds what the lines of open holds and leases say; no hold that is over has lines; nothing is below 0. */
export function* verifyHolds(): Program<readonly VerifyFinding[]> {
  const expected = new Map<string, Standing>();
  const findings: VerifyFinding[] = [];
  const holds = yield* all(
    "SELECT application, id, kind, state, lines FROM hold WHERE state = 'open' OR lines <> ?",
    NO_LINES,
  );
  for (const { application, id, kind, state, lines } of holds) {
    for (const line of readLines(String(application), lines).values()) {
      const balance = balanceOf(line);
      const place = placeOf(line);
      const { held, leases } = expected.get(place) ?? NOTHING;
      expected.set(place, { held: held + balance, leases: leases + (kind === "lease" ? 1 : 0) });
      if (state === "open" && balance >= 0n) continue;
      findings.push({
        invariant: HELD,
        row: `hold ${String(id)} on ${place}`,
        expected: "a line of an open hold, at least 0",
        found: `${balance} of a hold that is ${String(state)}`,
      });
    }
  }
  const kept = new Map<string, Standing>();
  const windows = yield* all(
    `SELECT application, limit_id, value, window_start, CAST(held_hi AS TEXT) AS hi, CAST(held_lo AS TEXT) AS lo, leases
     FROM limit_window WHERE held_hi <> 0 OR held_lo <> 0 OR leases <> 0`,
  );
  for (const row of windows) {
    kept.set(placeOf(lineOf(row)), { held: fromPair(row["hi"], row["lo"]), leases: Number(row["leases"]) });
  }
  for (const place of [...new Set([...expected.keys(), ...kept.keys()])].toSorted()) {
    const [wanted, found] = [expected.get(place) ?? NOTHING, kept.get(place) ?? NOTHING];
    if (wanted.held !== found.held || found.held < 0n) {
      findings.push({ invariant: HELD, row: place, expected: `${wanted.held}`, found: `${found.held}` });
    }
    if (wanted.leases !== found.leases) {
      findings.push({
        invariant: LEASES,
        row: place,
        expected: `${wanted.leases}`,
        found: `${found.leases}`,
      });
    }
  }
  return findings;
}

type Place = Pick<HoldLine, "application" | "limitId" | "value" | "windowStartMs">;

function lineOf(row: Row): Place {
  const [application, limitId, value] = ["application", "limit_id", "value"].map((name) => String(row[name]));
  return {
    application: application ?? "",
    limitId: limitId ?? "",
    value: value ?? "",
    windowStartMs: Number(row["window_start"]),
  };
}

function placeOf({ application, limitId, value, windowStartMs }: Place): string {
  return JSON.stringify([application, limitId, value, windowStartMs]);
}
