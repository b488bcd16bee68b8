import { after } from "next/server.js";

/** Has Next keep the process until `work` is done; outside of a request there is nobody to ask, and the queue does it. */
export function deliverAfter(work: Promise<unknown>): void {
  try {
    after(work);
  } catch {
    // Next says so by throwing: tests and scripts call handlers as plain functions.
  }
}
