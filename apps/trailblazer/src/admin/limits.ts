import { type PayiClient } from "@payi/core";
import { formatMoney, parseMoney } from "@payi/core/cost";
import { type LimitInput } from "@payi/core/wire";

import { InputError } from "../input.ts";

/** Budgets that warn and never refuse. */
export const BUDGETS: readonly LimitInput[] = [
  {
    limitName: "Trailblazer per day",
    limitType: "allow",
    max: parseMoney("50"),
    selector: {},
    period: "day",
    threshold: 0.8,
  },
  {
    limitName: "Trailblazer per month",
    limitType: "allow",
    max: parseMoney("500"),
    selector: {},
    period: "month",
    threshold: 0.8,
  },
];

const PER_PERSON = "Trailblazer per person and day";

/** A limit as the admin page shows it; amounts are exact USD text. */
export interface LimitLine {
  readonly name: string;
  readonly type: "allow" | "block";
  readonly max: string;
  readonly spent: string;
}

/** Trailblazer's limits as they stand. */
export async function listLimits(client: PayiClient): Promise<readonly LimitLine[]> {
  const names = new Set([...BUDGETS.map((budget) => budget.limitName), PER_PERSON]);
  const lines: LimitLine[] = [];
  for await (const { limitName, limitType, max, spent } of client.limits.list()) {
    if (!names.has(limitName)) continue;
    lines.push({ name: limitName, type: limitType, max: formatMoney(max), spent: formatMoney(spent) });
  }
  return lines;
}

/** Refuses each person's model calls once they have spent `usd` in a day; a limit that exists gets the new amount. */
export async function limitPeople(client: PayiClient, usd: string): Promise<void> {
  const max = parseMoney(usd);
  const existing = await findPerPerson(client);
  if (existing !== undefined) {
    await client.limits.update(existing, { max });
    return;
  }
  await client.limits.create({
    limitName: PER_PERSON,
    limitType: "block",
    max,
    threshold: 0.8,
    selector: {},
    per: "user_id",
    period: "day",
    // Trails are found also while the platform is away; what that costs is charged afterwards.
    onUnreachable: "allow",
  });
}

/** Lifts what {@link limitPeople} set. */
export async function freePeople(client: PayiClient): Promise<void> {
  const existing = await findPerPerson(client);
  if (existing !== undefined) await client.limits.delete(existing);
}

/** An amount from one cent to a thousand dollars. @throws {InputError} */
export function readUsd(value: unknown): string {
  if (typeof value === "string" && /^\d{1,4}(\.\d{1,2})?$/.test(value)) {
    const cents = Math.round(Number(value) * 100);
    if (cents >= 1 && cents <= 100_000) return value;
  }
  throw new InputError(
    `usd must be an amount from "0.01" to "1000" as text, got ${JSON.stringify(value) ?? "nothing"}.`,
  );
}

async function findPerPerson(client: PayiClient): Promise<string | undefined> {
  for await (const { limitId, limitName } of client.limits.list()) {
    if (limitName === PER_PERSON) return limitId;
  }
  return undefined;
}
