import { setTimeout } from "node:timers/promises";

import { type Child } from "./child.ts";

const LONGEST_MS = 30_000;
const EVERY_MS = 100;

/** Resolves when `GET {url}/healthz` is answered. @throws {Error} when the child ends before, or after 30 seconds. */
export async function waitUntilHealthy(child: Child, url: string): Promise<void> {
  const deadline = Date.now() + LONGEST_MS;
  let end: string | undefined;
  void child.ended.then((how) => (end = how));
  /* oxlint-disable no-await-in-loop -- asked again until it answers */
  while (Date.now() < deadline) {
    if (end !== undefined) throw new Error(describeEnd(child, end));
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(EVERY_MS);
  }
  /* oxlint-enable no-await-in-loop */
  throw new Error(`The ${child.name} did not answer at ${url}/healthz within 30 seconds.`);
}

/** Says how a child ended, with its last lines. */
export function describeEnd(child: Child, how: string): string {
  const lines = child.lastLines.map((line) => `  ${line}\n`).join("");
  return `The ${child.name} ${how}${lines === "" ? "." : `. Its last lines:\n${lines}`}`.trimEnd();
}
