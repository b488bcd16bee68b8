import { expect, test } from "vitest";

import { createClient } from "../../src/client/create-client.ts";
import { ensureKpis } from "../../src/client/ensure-kpis.ts";
import { ApiError } from "../../src/errors.ts";
import { type Loopback, startLoopback } from "../support.ts";

/** A platform that knows use cases and KPIs by name, and says what is missing or there already. */
async function startDefinitions(broken = false): Promise<Loopback & { readonly known: string[] }> {
  const known: string[] = [];
  const loopback = await startLoopback(({ url, body }, response) => {
    const refuse = (status: number, code: string): void =>
      void response.writeHead(status).end(JSON.stringify({ xproxy_error: { code, message: code } }));
    response.setHeader("content-type", "application/json");
    if (broken) return refuse(403, "forbidden");
    const given = JSON.parse(body) as { name: string };
    const useCase = /definitions\/([^/]+)\/kpis$/.exec(url)?.[1];
    const name = useCase === undefined ? given.name : `${useCase}/${given.name}`;
    if (useCase !== undefined && !known.includes(useCase)) return refuse(404, "use_case_not_found");
    if (known.includes(name)) return refuse(400, "kpi_already_exists");
    known.push(name);
    const created = { request_id: "r", created_timestamp: "2026-01-01T00:00:00Z", type_version: 1 };
    return void response.end(JSON.stringify({ ...given, ...created }));
  });
  return Object.assign(loopback, { known });
}

test("use case and KPIs are created where they are missing, and left alone where they are not", async () => {
  await using platform = await startDefinitions();
  const client = createClient({ apiKey: "test", baseUrl: platform.url });
  await ensureKpis(client, "trail_finder");
  expect(platform.known).toEqual(["trail_finder", "trail_finder/success", "trail_finder/latency_ms"]);
  await ensureKpis(client, "trail_finder", { success: "resolved", aborted: true });
  expect(platform.known.slice(3)).toEqual(["trail_finder/resolved", "trail_finder/aborted"]);
  expect(JSON.parse(platform.received.at(-1)?.body ?? "")).toMatchObject({ kpi_type: "boolean", goal: 0 });
});

test("any other answer is the caller's to know", async () => {
  await using platform = await startDefinitions(true);
  const client = createClient({ apiKey: "test", baseUrl: platform.url });
  await expect(ensureKpis(client, "trail_finder")).rejects.toThrow(ApiError);
});
