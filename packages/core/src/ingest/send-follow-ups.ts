/**
 * KPI scores and late properties: scores leave many in a request where the platform takes that, else one by one, as
 * Pay-i's own does.
 *
 * Invariant: scores of one KPI of one instance arrive in the order in which they were recorded.
 */
import { ApiError } from "../errors.ts";
import { type ScoreEntry, followUpOf } from "./entry.ts";
import { deliverFollowUp } from "./follow-up.ts";
import { judge } from "./retry.ts";
import { type Score, scoreItemText, scoreKey } from "./score.ts";
import { type SendTools } from "./send.ts";

/** Requests on their way at the same time, where each carries one thing. */
const MAX_AT_ONCE = 32;
/** After which a platform without `POST /scores` is asked for it again: it may have been replaced by a newer one. */
const ASK_AGAIN_MS = 3_600_000;

/** What is known of the platform's routes. */
export class ScoreRoute {
  #missingUntilMs = 0;

  /** How many follow-ups a request, or a turn of requests, may carry; `limit` is what events may have. */
  batchSize(limit: number, isProbe: boolean): number {
    if (this.takesMany) return limit;
    return isProbe ? 1 : MAX_AT_ONCE;
  }

  get takesMany(): boolean {
    return performance.now() >= this.#missingUntilMs;
  }

  noteMissing(): void {
    this.#missingUntilMs = performance.now() + ASK_AGAIN_MS;
  }
}

/** Settles what the platform answered for; answers with the error of the rest. Never rejects. */
export async function sendFollowUps(
  entries: readonly ScoreEntry[],
  tools: SendTools,
  route: ScoreRoute,
): Promise<unknown> {
  const together = route.takesMany ? entries.filter((entry) => scoreOf(entry) !== undefined) : [];
  const error = together.length === 0 ? undefined : await sendTogether(together, tools, route);
  if (error !== undefined) return error;
  for (const turn of turnsOf(entries.filter(({ outcome }) => outcome === "pending"))) {
    // oxlint-disable-next-line no-await-in-loop
    const errors = await Promise.all(turn.map((entry) => sendAlone(entry, tools)));
    const failed = errors.find((one) => one !== undefined);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** Leaves the entries pending where the platform has no such route. */
async function sendTogether(
  entries: readonly ScoreEntry[],
  { client, log, settle }: SendTools,
  route: ScoreRoute,
): Promise<unknown> {
  const items: { readonly entry: ScoreEntry; readonly text: string }[] = [];
  for (const entry of entries) {
    try {
      items.push({ entry, text: scoreItemText(followUpOf(entry) as Score) });
    } catch (error) {
      log.warn("encode", `A KPI score cannot be written as JSON and is dropped: ${String(error)}`);
      settle(entry, "encode_failed");
    }
  }
  if (items.length === 0) return undefined;
  try {
    const { errors } = await client.kpis.scoreAllText(`[${items.map(({ text }) => text).join(",")}]`);
    const refused = new Map(errors.map((error) => [error.index, error]));
    for (const [index, { entry }] of items.entries()) {
      const error = refused.get(index);
      if (error === undefined) settle(entry, "sent");
      else {
        const answer = `${error.code}: ${error.message}`;
        log.warn("rejected_score", `The platform refused a KPI score: ${answer}`);
        settle(entry, "rejected", answer);
      }
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 405)) return error;
    route.noteMissing();
    return undefined;
  }
}

async function sendAlone(entry: ScoreEntry, { client, log, settle }: SendTools): Promise<unknown> {
  try {
    await deliverFollowUp(client, followUpOf(entry));
    settle(entry, "sent");
    return undefined;
  } catch (error) {
    const verdict = judge({ error, attempt: 1, size: 1, firstDelayMs: 0, random: 0 });
    if (verdict.action !== "drop") return error;
    const message = error instanceof Error ? error.message : String(error);
    log.warn("rejected_score", `The platform refused a KPI score or late properties: ${message}`);
    settle(entry, verdict.reason, message);
    return undefined;
  }
}

/** What may be on its way at the same time: never two scores of which one replaces the other. */
function turnsOf(entries: readonly ScoreEntry[]): readonly (readonly ScoreEntry[])[] {
  const turns: ScoreEntry[][] = [];
  const keys = new Set<string>();
  for (const entry of entries) {
    const score = scoreOf(entry);
    const key = score === undefined ? undefined : scoreKey(score);
    const last = turns.at(-1);
    if (last === undefined || last.length === MAX_AT_ONCE || (key !== undefined && keys.has(key))) {
      keys.clear();
      turns.push([entry]);
    } else last.push(entry);
    if (key !== undefined) keys.add(key);
  }
  return turns;
}

/** Undefined for late properties. */
export function scoreOf(entry: ScoreEntry): Score | undefined {
  const followUp = followUpOf(entry);
  return "kpiName" in followUp ? followUp : undefined;
}
