import { decodeApiError } from "@payi/core/wire";

import { type Platform } from "./follow-calls.ts";

/** Has the platform load some days of demo history; days that are there already change nothing. @throws {Error} */
export async function loadDemo({ url, apiKey }: Platform, days: number): Promise<void> {
  const response = await fetch(`${url}/api/v1/demo`, {
    method: "POST",
    headers: { "xproxy-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ days }),
  });
  if (response.ok) return;
  const { code, message } = decodeApiError(await response.json().catch(() => undefined));
  throw new Error(`The demo history was not loaded: ${response.status} ${code}, ${message}`);
}
