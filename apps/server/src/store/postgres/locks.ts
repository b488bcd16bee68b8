import { createHash } from "node:crypto";

/** What belongs to no application, such as prices and keys. */
const SHARED = "";

const known = new Map<string, bigint>();

/**
 * The advisory locks of these applications, each once and in the order in which everybody takes them, so that no two
 * transactions can wait for each other.
 */
export function locksOf(applications: Iterable<string>): readonly bigint[] {
  const keys = new Set<bigint>();
  for (const application of applications) keys.add(lockOf(application));
  if (keys.size === 0) keys.add(lockOf(SHARED));
  return [...keys].toSorted((left, right) => (left < right ? -1 : 1));
}

/** Held by whoever changes the schema or makes partitions. */
export const SCHEMA_LOCK: bigint = hash("schema");

function lockOf(application: string): bigint {
  let key = known.get(application);
  if (key === undefined) {
    key = hash(`application ${application}`);
    if (known.size >= 10_000) known.clear();
    known.set(application, key);
  }
  return key;
}

function hash(name: string): bigint {
  return createHash("sha256").update(`payi ${name}`).digest().readBigInt64BE();
}
