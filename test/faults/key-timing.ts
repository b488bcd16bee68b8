/**
 * Does the time of a refusal tell unknown, revoked and malformed keys apart? Prints Welch's t for each pair; |t| < 4.5 is
 * no evidence of a difference. `node --conditions=@payi/source test/faults/key-timing.ts [samples]`
 */
/* oxlint-disable no-await-in-loop -- one request at a time is what is measured */
import { createKey } from "../../apps/server/src/domain/keys.ts";
import { startTestServer } from "../../apps/server/test/support.ts";

const samples = Number(process.argv[2] ?? 100_000);
await using server = await startTestServer();
const revoked = await createKey(server.store, "default", "revoked");
await server.store.revokeKey("default", revoked.key.id);
const keys = {
  unknown: `payi_${"A".repeat(32)}`,
  revoked: revoked.text,
  malformed: `x${"!".repeat(revoked.text.length - 1)}`,
};
const kinds = Object.keys(keys) as (keyof typeof keys)[];
const times = { unknown: [] as number[], revoked: [] as number[], malformed: [] as number[] };
const bodies = new Set<string>();
const warmUp = Math.min(2000, samples);

for (let index = -warmUp; index < samples; index += 1) {
  // In a new order each time, so that no kind always comes after the same other.
  for (const kind of kinds.toSorted(() => Math.random() - 0.5)) {
    const start = process.hrtime.bigint();
    const response = await fetch(`${server.url}/api/v1/limits`, {
      headers: { "xproxy-api-key": keys[kind] },
    });
    const body = await response.text();
    if (index >= 0) times[kind].push(Number(process.hrtime.bigint() - start));
    bodies.add(body);
  }
}

/** The slowest twentieth says more about the machine than about the code. */
function moments(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const kept = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length * 0.95));
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const variance = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1);
  return { mean, error: variance / kept.length };
}

let isDifferent = bodies.size > 1;
for (const [index, first] of kinds.entries()) {
  for (const second of kinds.slice(index + 1)) {
    const [one, other] = [moments(times[first]), moments(times[second])];
    const t = (one.mean - other.mean) / Math.sqrt(one.error + other.error);
    isDifferent ||= Math.abs(t) >= 4.5;
    process.stdout.write(
      `${first} ${(one.mean / 1000).toFixed(1)} µs, ${second} ${(other.mean / 1000).toFixed(1)} µs: t = ${t.toFixed(2)}\n`,
    );
  }
}
process.stdout.write(`${samples} samples each; ${bodies.size} different bodies\n`);
process.exitCode = isDifferent ? 1 : 0;
