/**
 * A new UUID for a hold or a lease, of version 7: in the order of time, so that the platform, which finds holds by their
 * ids for ever, writes at the end of an index and not all over it.
 */
export function newHoldId(): string {
  const random = crypto.randomUUID();
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
