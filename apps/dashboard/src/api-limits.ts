/** Limits over HTTP. Wire names are spelled in this file, in `limit-answers.ts` and in `limit-draft.ts` only. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { type Bounds } from "./api.ts";
import { readBudget, readClosedWindow, readLimit, readSimulation, readStepSavings } from "./limit-answers.ts";
import { type LimitBody } from "./limit-draft.ts";
import { type Budget, type ClosedWindow, type Limit, type Simulation, type StepSavings } from "./limits.ts";
import { read, readAll, write } from "./platform.ts";
import { fieldsOf } from "./price-answers.ts";

/** How many windows that are over are shown. */
const SHOWN_WINDOWS = 100;

// All among the analytics, so that they follow the live events.

/** All limits, the newest first; those that instances have of their use case are left out. */
export const limitsQuery = queryOptions({
  queryKey: ["analytics", "limits"],
  queryFn: async ({ signal }): Promise<readonly Limit[]> =>
    (await readAll("/limits", {}, signal)).map(readLimit),
  placeholderData: keepPreviousData,
});

/** One limit with the totals of its current window. */
export function limitQuery(id: string) {
  return queryOptions({
    queryKey: ["analytics", "limit", id],
    queryFn: async ({ signal }): Promise<Limit> =>
      readLimit(fieldsOf(await read(limitPath(id), {}, signal))["limit"]),
  });
}

/** The current window of each value, most spent first. */
export function budgetsQuery(id: string) {
  return queryOptions({
    queryKey: ["analytics", "limit", id, "windows"],
    queryFn: async ({ signal }): Promise<readonly Budget[]> =>
      (await readAll(`${limitPath(id)}/windows`, {}, signal)).map(readBudget),
    placeholderData: keepPreviousData,
  });
}

/** The latest windows that are over, newest first. */
export function closedWindowsQuery(id: string) {
  return queryOptions({
    queryKey: ["analytics", "limit", id, "history"],
    queryFn: async ({ signal }): Promise<readonly ClosedWindow[]> => {
      const page = fieldsOf(await read(`${limitPath(id)}/history`, { limit: SHOWN_WINDOWS }, signal));
      return Array.isArray(page["items"]) ? page["items"].map(readClosedWindow) : [];
    },
    placeholderData: keepPreviousData,
  });
}

/** What the steps of a limit's ladder did in a period. */
export function stepSavingsQuery(id: string, { from, to }: Bounds) {
  return queryOptions({
    queryKey: ["analytics", "limit", id, "ladder", from, to],
    queryFn: async ({ signal }): Promise<readonly StepSavings[]> =>
      readStepSavings(await read(`${limitPath(id)}/ladder`, { from, to }, signal)),
    placeholderData: keepPreviousData,
  });
}

/** Makes a limit. Resolves with its id. */
export async function createLimit(body: LimitBody): Promise<string> {
  return readLimit(fieldsOf(await write("POST", "/limits", body))["limit"]).id;
}

/** Changes what the body has; what it sets to `null` is the default again. The type of a limit stays. */
export async function changeLimit(id: string, body: LimitBody): Promise<string> {
  const { limit_type: _stays, ...change } = body;
  return readLimit(fieldsOf(await write("PUT", limitPath(id), change))["limit"]).id;
}

export async function deleteLimit(id: string): Promise<void> {
  await write("DELETE", limitPath(id));
}

/** More room in the current window of one value, gone with it. */
export async function topUpLimit(id: string, amount: string, value: string, reason: string): Promise<void> {
  await write("POST", `${limitPath(id)}/top_up`, { amount, ...given({ value, reason }) });
}

/** Another maximum until a time (ISO 8601), then the old one again. */
export async function raiseLimit(id: string, max: string, until: string, reason: string): Promise<void> {
  await write("POST", `${limitPath(id)}/raise`, { max, until, ...given({ reason }) });
}

/** Closes the current windows and starts anew. */
export async function resetLimit(id: string): Promise<void> {
  await write("POST", `${limitPath(id)}/reset`);
}

/** What a limit would have refused of the last seven days. Changes nothing. */
export async function simulateLimit(body: LimitBody): Promise<Simulation> {
  return readSimulation(await write("POST", "/limits/simulate", { limit: body }));
}

function limitPath(id: string): string {
  return `/limits/${encodeURIComponent(id)}`;
}

/** Without what is empty. */
function given(fields: Readonly<Record<string, string>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""));
}
