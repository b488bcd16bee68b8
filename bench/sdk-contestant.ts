/**
 * One contestant of the `sdk` suite, alone in its process: `json|stream bare|payi <calls>`. Provider and platform are
 * answered in process, so that the CPU of this process is the cost of the SDKs, reports included.
 */
import { createClient, flush, payiInstrument } from "@payi/core";
import OpenAI from "openai";

import { MESSAGES, installStub, measure } from "./sdk-stub.ts";

const [kind, contestant, callsText] = process.argv.slice(2);

installStub(kind);
if (contestant === "payi") {
  payiInstrument({ payi: createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" }) });
}
const client = new OpenAI({ apiKey: "k", maxRetries: 0 });

async function call(): Promise<void> {
  if (kind === "json") {
    await client.chat.completions.create({ model: "gpt-5", messages: MESSAGES });
    return;
  }
  const stream = await client.chat.completions.create({
    model: "gpt-5",
    messages: MESSAGES,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
}

await measure(Number(callsText), call, () => flush({ timeoutMs: 30_000 }), contestant === "payi");
