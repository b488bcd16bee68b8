/** An application with nothing to do but what is under way in the background: two requests to `PAYI_BASE_URL`. */
import { createClient } from "../../src/client/create-client.ts";

const HOUR_MS = 3_600_000;

const client = createClient({ apiKey: "k", timeoutMs: HOUR_MS });
const background = client.forDelivery(new AbortController().signal, HOUR_MS);
const work = process.argv[2] === "busy" ? setInterval(() => undefined, HOUR_MS) : undefined;
const asked = [background.ingest.bulkText("[]", {}), background.ingest.bulkText("[]", {})];
for (const end of await Promise.allSettled(asked)) {
  console.log(end.status === "fulfilled" ? "answered" : (end.reason as Error).name);
}
clearInterval(work);
