/**
 * One contestant of the `limits` suite, alone in its process: `check open|one limit|three limits <calls>` asks the guard
 * about a chat request of some 1,300 characters and settles it; `refusal sent|refused <calls>` fetches a provider that
 * answers in process. The platform is in process too, with the rules of holds and leases.
 */
import { createClient, payiInstrument } from "@payi/core";

import { estimateCall } from "../packages/core/src/call-limits.ts";
import { builtInPriceBook } from "../packages/core/src/cost/price-book.ts";
import { type Attempt, type Guard, openGuard } from "../packages/core/src/limits/guard.ts";
import { LimitGuard } from "../packages/core/src/limits/limit-guard.ts";
import { ThrottledLog } from "../packages/core/src/logger.ts";
import { USD } from "../packages/core/src/money.ts";
import { matchProvider } from "../packages/core/src/providers/index.ts";
import { LimitBook } from "../packages/core/test/limits/limit-book.ts";
import { fetchFrom } from "../packages/core/test/limits/limit-platform.ts";
import { MESSAGES } from "./sdk-stub.ts";
import { tell } from "./tell.ts";

const [kind, contestant, callsText] = process.argv.slice(2);
const calls = Number(callsText);
const WARM_UP = 2_000;

const book = new LimitBook();
const budget = { limitName: "", limitType: "block" as const, max: 1_000_000n * USD, selector: {} };
const platform = fetchFrom(book);
const client = createClient({ apiKey: "k", baseUrl: "http://platform.test", fetch: platform });
const body = { model: "gpt-5", messages: MESSAGES, max_completion_tokens: 500 };
const url = "https://api.openai.com/v1/chat/completions";

async function check(): Promise<() => boolean> {
  book.put({ ...budget, limitId: "all" });
  if (contestant === "three limits") {
    book.put({ ...budget, limitId: "user", per: "user_id" });
    book.put({ ...budget, limitId: "feature", selector: { useCaseName: "trails" } });
  }
  const guard: Guard =
    contestant === "open"
      ? openGuard
      : new LimitGuard({
          client,
          log: new ThrottledLog(console, 60_000),
          timeoutMs: 1_000,
          onLimitCheckError: "block",
        });
  const match = matchProvider("POST", new URL(url));
  if (match === undefined) throw new Error(`${url} is no billable call.`);
  const request = match.provider.readRequest(match, body);
  const priceAs = { category: "system.openai", resource: "gpt-5", scope: undefined, byServedModel: false };
  const attempt: Attempt = {
    category: "system.openai",
    resource: "gpt-5",
    context: { userId: "jane", useCaseName: "trails", useCaseId: "1" },
    maxOutputTokens: 500,
    estimate: () => estimateCall(priceAs, match, request, builtInPriceBook()),
  };
  (await guard.authorize(attempt)).settle(1_000_000n);
  return () => {
    const permit = guard.authorize(attempt);
    if (permit instanceof Promise || permit.refusal !== undefined) return false;
    permit.settle(1_000_000n);
    return true;
  };
}

async function refusal(): Promise<() => Promise<boolean>> {
  globalThis.fetch = async (input, init) => {
    const address = input instanceof Request ? input.url : input.toString();
    if (address.startsWith("http://platform.test")) return platform(input, init);
    return Response.json({
      id: crypto.randomUUID(),
      model: "gpt-5",
      usage: { prompt_tokens: 9, completion_tokens: 9 },
    });
  };
  if (contestant === "refused") book.put({ ...budget, limitId: "all", max: 1n });
  payiInstrument({ payi: client, config: { spool: { mode: "memory" } } });
  const text = JSON.stringify(body);
  return async () => {
    const answer = await fetch(url, { method: "POST", body: text });
    await answer.text();
    return answer.status === (contestant === "refused" ? 403 : 200);
  };
}

const once = kind === "check" ? await check() : await refusal();
for (let call = 0; call < WARM_UP; call += 1) await once();
const timesUs: number[] = [];
let right = 0;
const before = process.cpuUsage();
for (let call = 0; call < calls; call += 1) {
  const startedMs = performance.now();
  const done = once();
  if (done === true || (done !== false && (await done))) right += 1;
  timesUs.push((performance.now() - startedMs) * 1000);
}
tell(calls, before, timesUs, right);
