import { expect } from "vitest";

import { type TestServer } from "./support.ts";

/** Makes block limits of different names on the server and answers with their ids. */
export function limitMaker(
  server: () => TestServer,
): (fields: Readonly<Record<string, unknown>>) => Promise<string> {
  let made = 0;
  return async (fields) => {
    made += 1;
    const { status, body } = await server().post("/limits", {
      limit_name: `limit ${made}`,
      limit_type: "block",
      ...fields,
    });
    expect(status).toBe(201);
    return body.limit.limit_id;
  };
}

/** A hold for a call that costs `amount` USD at most; null: nobody knows the price. */
export function limitCall(limitIds: readonly string[], amount: string | null): Record<string, unknown> {
  return {
    hold_id: crypto.randomUUID(),
    limit_ids: limitIds,
    context: { category: "system.anthropic", resource: "claude-sonnet-4-20250514" },
    estimate: { upper_bound: amount, worst_case: amount, input_tokens: 1000, output_tokens: 100 },
  };
}
