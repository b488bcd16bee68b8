import { request, sonnet } from "../support.ts";

/** What clients were told. */
export interface Told {
  /** Provider's id → the id that was acknowledged. */
  readonly acknowledged: Map<string, string>;
  /** How often each status was answered; `none` where the connection broke. */
  readonly statuses: Record<string, number>;
  /** 503s without `Retry-After`. */
  impatient: number;
}

export function nothingTold(): Told {
  return { acknowledged: new Map(), statuses: {}, impatient: 0 };
}

/** Sends events `name-0` to `name-<count - 1>`, each once, over 8 connections. What is refused stays refused. */
export async function sendEvents(
  url: string,
  key: string,
  name: string,
  count: number,
  told: Told,
): Promise<void> {
  let next = 0;
  async function client(): Promise<void> {
    while (next < count) {
      const id = `${name}-${next}`;
      next += 1;
      const context = { use_case_name: "faults", use_case_id: `i-${next % 7}`, user_id: `u-${next % 3}` };
      const event = sonnet({ ...context, provider_response_id: id });
      try {
        const answer = await request(`${url}/api/v1/ingest`, "POST", event, { "xproxy-api-key": key });
        told.statuses[answer.status] = (told.statuses[answer.status] ?? 0) + 1;
        if (answer.status === 200) told.acknowledged.set(id, answer.body.request_id);
        if (answer.status === 503 && answer.headers.get("retry-after") === null) told.impatient += 1;
      } catch {
        told.statuses["none"] = (told.statuses["none"] ?? 0) + 1;
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, client));
}
