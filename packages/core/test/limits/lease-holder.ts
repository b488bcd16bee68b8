/** A process that holds a lease: `<platform> <provider>`. Says `sent` once its call is at the provider. */
import OpenAI from "openai";

import { createClient } from "../../src/client/create-client.ts";
import { payiInstrument } from "../../src/instrument/instrument.ts";

const [platform = "", provider = ""] = process.argv.slice(2);
payiInstrument({
  payi: createClient({ apiKey: "k", baseUrl: platform }),
  config: {
    useCaseName: "holder",
    spool: { mode: "memory" },
    limitCheckTimeoutMs: 30_000,
    hostMappings: { [new URL(provider).host]: { priceAsCategory: "system.openai" } },
  },
});
const client = new OpenAI({ apiKey: "k", baseURL: `${provider}/v1` });
const messages = [{ role: "user" as const, content: "hello" }];
await client.chat.completions.create({ model: "gpt-5", messages, max_completion_tokens: 100 });
