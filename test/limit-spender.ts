/**
 * A process of an application that spends a budget: `<platform> <key> <provider> [spool folder]`. It takes
 * {@link SpenderCommand}s and tells of every call as a {@link SpenderReport}.
 */
import { createClient, LimitExceededError, payiInstrument, trackContext } from "@payi/core";
import OpenAI from "openai";

import { type SpenderCall, type SpenderCommand, type SpenderReport } from "./spender-messages.ts";

const [platform = "", apiKey = "", provider = "", spool] = process.argv.slice(2);
const payi = payiInstrument({
  payi: createClient({ apiKey, baseUrl: platform }),
  config: {
    useCaseName: "spender",
    spool: spool === undefined ? { mode: "memory" } : { mode: "sync", directory: spool },
    limitCheckTimeoutMs: 30_000,
    hostMappings: { [new URL(provider).host]: { priceAsCategory: "system.openai" } },
  },
});
const client = new OpenAI({ apiKey: "k", baseURL: `${provider}/v1`, maxRetries: 0 });
const messages = [{ role: "user" as const, content: "Find me a trail near Moab, Utah." }];
let resting = new AbortController();
let lanes: readonly Promise<void>[] = [];

async function call(userId: string): Promise<SpenderCall> {
  const beganMs = Date.now();
  try {
    await trackContext({ userId }, () =>
      client.chat.completions.create({ model: "gpt-5", messages, max_completion_tokens: 50 }),
    );
    return { kind: "called", atMs: [beganMs, Date.now()] };
  } catch (error) {
    const kind = LimitExceededError.from(error) === undefined ? "failed" : "refused";
    return { kind, atMs: [beganMs, Date.now()], why: String(error) };
  }
}

async function spend(userId: string, { signal }: AbortController): Promise<void> {
  while (!signal.aborted) {
    // oxlint-disable-next-line no-await-in-loop -- an agent's loop
    const made = await call(userId);
    tell(made);
    if (made.kind !== "called") {
      // oxlint-disable-next-line no-await-in-loop -- whoever is refused does not ask at once again
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function tell(report: SpenderReport): void {
  process.send?.(report);
}

process.on("message", (command: SpenderCommand) => {
  resting.abort();
  if (command.do === "spend") {
    const mine = new AbortController();
    resting = mine;
    lanes = Array.from({ length: command.lanes }, () => spend(command.userId, mine));
    return;
  }
  Promise.all(lanes)
    .then(() => payi.flush({ timeoutMs: 30_000 }))
    .then(() => tell("idle"))
    .catch((error: unknown) => {
      throw error;
    });
});
// Without its parent nobody tells it to rest.
process.on("disconnect", () => process.exit());
tell("ready");
