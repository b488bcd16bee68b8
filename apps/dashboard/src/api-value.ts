/** Value policies and what they come to, over HTTP. Wire names are spelled in this file and in `value.ts` only. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { type Bounds } from "./api.ts";
import { read, readAll, write } from "./platform.ts";
import { type PolicyDraft, type UseCaseValue, type ValuePolicy, type ValuePreview } from "./value.ts";

// Among the analytics, so that they follow the live events.

/** Every use case with a policy in force, over the instances that started in the period. */
export function valueQuery({ from, to }: Bounds, useCaseName?: string) {
  const parameters = { from, to, use_case_name: useCaseName };
  return queryOptions({
    queryKey: ["analytics", "value", parameters],
    queryFn: async ({ signal }): Promise<readonly UseCaseValue[]> => {
      const answer = await read<{ readonly use_cases: readonly UseCaseValue[] }>(
        "/analytics/value",
        parameters,
        signal,
      );
      return answer.use_cases;
    },
    placeholderData: keepPreviousData,
  });
}

/** The versions of a use case's policy, newest first. */
export function policiesQuery(useCaseName: string) {
  return queryOptions({
    queryKey: ["value", "policies", useCaseName],
    queryFn: async ({ signal }): Promise<readonly ValuePolicy[]> =>
      (await readAll("/value-policies", { use_case_name: useCaseName }, signal)) as readonly ValuePolicy[],
  });
}

/** What the last days would have been worth. Changes nothing. */
export async function previewPolicy(draft: PolicyDraft, days: number): Promise<ValuePreview> {
  return write("POST", "/value-policies/preview", { ...spell(draft), days });
}

/** Adds a version and puts it in force. Resolves with what is odd about it. */
export async function createPolicy(draft: PolicyDraft): Promise<readonly string[]> {
  const answer = await write<{ readonly warnings?: readonly string[] }>(
    "POST",
    "/value-policies",
    spell(draft),
  );
  return answer.warnings ?? [];
}

/** Puts a version in force in place of the one that is, or takes it out of force. */
export async function activatePolicy(id: string, isActive: boolean): Promise<void> {
  await write("POST", `/value-policies/${encodeURIComponent(id)}/${isActive ? "activate" : "deactivate"}`);
}

function spell({ useCase, description, money, time }: PolicyDraft): object {
  const given = {
    use_case_name: useCase.trim(),
    description: description.trim(),
    money: money.trim(),
    time: time.trim(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ""));
}
