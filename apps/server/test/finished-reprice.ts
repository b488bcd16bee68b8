import { vi } from "vitest";

import { type Answer, type TestServer } from "./support.ts";

/** A re-pricing once it is finished, as the server tells it. */
export async function finishedReprice(server: TestServer, id: string): Promise<Answer["body"]> {
  return vi.waitUntil(async () => {
    const { body } = await server.get(`/reprice/${id}`);
    return body.status === "finished" ? body : undefined;
  }, 60_000);
}
