/** Made-up requests for the page tests: always the same for the same size, ending at the given moment. */
import { type CostLineText, type KpiScore, type RequestDetail } from "@payi/core/wire";

export interface FixtureData {
  readonly requests: RequestDetail[];
  /** Scores by instance id. */
  readonly scores: Map<string, readonly KpiScore[]>;
}

interface Model {
  readonly category: string;
  readonly resource: string;
  /** Nano-dollars per token. */
  readonly input: bigint;
  readonly output: bigint;
}

const MODELS: readonly Model[] = [
  { category: "system.anthropic", resource: "claude-sonnet-4-20250514", input: 3000n, output: 15_000n },
  { category: "system.anthropic", resource: "claude-3-5-haiku-20241022", input: 800n, output: 4000n },
  { category: "system.openai", resource: "gpt-4o-mini-2024-07-18", input: 150n, output: 600n },
  { category: "system.openai", resource: "gpt-4o-2024-08-06", input: 2500n, output: 10_000n },
];
const USE_CASES = ["trail_finder", "trail_analysis", "trail_planner", "support_triage", "gear_advisor"];
const USERS = ["jane", "li.wei", "amara", "sven", "maria-jose", "tomasz", "okonkwo", "yuki", "priya"];
const ACCOUNTS = ["acme", "globex", "initech"];
const LONG = "an_exceedingly_long_use_case_name_that_somebody_made_up_in_2026";
const MARKUP = `<img src=x onerror="document.title='owned'">`;
const HOUR = 3_600_000;
/** How many calls an instance makes. */
const CALLS = 3;

/** `odd` has what is rare: long names, markup, prices of nothing, free calls, failures. */
export type FixtureSize = "much" | "little" | "none" | "odd";

/** Requests newest first. */
export function makeFixture(size: FixtureSize, now: number): FixtureData {
  const random = randomFrom(42);
  const count = { much: 6000, little: 3, none: 0, odd: 60 }[size];
  const span = size === "much" ? 40 * 24 * HOUR : 6 * HOUR;
  const requests: RequestDetail[] = [];
  let time = now;
  for (let index = 0; index < count; index += 1) {
    const isNext = size === "much" && index % CALLS !== 0;
    if (isNext) time += 4000 + random() * 6000;
    else time = now - (size === "much" ? spreadAge(random, span) : (span * (index + 0.5)) / count);
    requests.push(makeRequest(index, Math.min(time, now), size === "odd", random));
  }
  requests.sort((left, right) => right.time.localeCompare(left.time));
  return { requests, scores: makeScores(requests, random) };
}

/** More by day than by night, more lately than before. */
function spreadAge(random: () => number, span: number): number {
  for (;;) {
    const age = span * random() ** 1.25;
    const hour = (24 - ((age / HOUR) % 24)) % 24;
    if (random() < 0.15 + 0.85 * Math.max(0, Math.sin((Math.PI * hour) / 24)) ** 2) return age;
  }
}

/** One request; also what the live stream sends. */
export function makeRequest(index: number, time: number, odd: boolean, random: () => number): RequestDetail {
  const shared = randomFrom(Math.floor(index / CALLS) * 7919);
  const useCase = Math.min(USE_CASES.length - 1, Math.floor(shared() ** 1.8 * USE_CASES.length));
  const model = MODELS[(useCase + (random() < 0.2 ? 1 : 0)) % MODELS.length] as Model;
  const input = 200 + Math.floor(random() ** 2 * 6000);
  const output = 60 + Math.floor(random() ** 2 * 2200);
  const cached = random() < 0.3 ? Math.floor(random() * 4000) : 0;
  const chance = random();
  const failed = chance < 0.02;
  const aborted = chance > 0.985;
  const isUnpriced = odd ? index % 5 === 1 : random() < 0.01;
  const isFree = odd && index % 5 === 2;
  const isUnattributed = odd ? index % 5 === 3 : shared() < 0.05;
  const searches = useCase === 0 && random() < 0.4 ? 1 : 0;
  const lines = [
    line("text", "input", input, model.input, model.resource),
    line("text_cache_read", "input", cached, model.input / 10n, model.resource),
    line("text", "output", output, model.output, model.resource),
    line("web_search", "output", searches, 10_000_000n, model.resource),
  ].filter(({ count }) => count > 0);
  const isPriced = !isUnpriced && !failed;
  const sum = (direction: "input" | "output"): bigint =>
    isPriced && !isFree
      ? lines.filter((each) => each.direction === direction).reduce((all, each) => all + each.nano, 0n)
      : 0n;
  const name = odd && index % 7 === 4 ? LONG : USE_CASES[useCase];
  const instance = `${(odd ? index : Math.floor(index / CALLS)).toString(16).padStart(8, "0")}-7d1e-4c55-9b1f-0a6f5d2c9e31`;
  const user = odd && index % 6 === 2 ? MARKUP : (USERS[Math.floor(shared() ** 1.5 * USERS.length)] ?? null);
  const latency = Math.round(300 + output * 9 * (0.6 + random()));
  return {
    request_id: `req_${index.toString(36).padStart(8, "0")}`,
    time: new Date(time).toISOString(),
    category: model.category,
    resource: isUnpriced ? "my-own-finetune-v7" : model.resource,
    use_case_name: isUnattributed ? null : (name ?? null),
    use_case_id: isUnattributed ? null : instance,
    use_case_version: isUnattributed ? null : 1 + (Math.floor(index / CALLS) % 2),
    use_case_step: index % 3 === 0 ? "rank" : null,
    user_id: isUnattributed ? null : user,
    account_name: isUnattributed ? null : (ACCOUNTS[Math.floor(shared() * 3)] ?? null),
    http_status_code: failed ? 529 : 200,
    outcome: failed ? "error" : aborted ? "aborted" : "ok",
    usage_source: aborted ? "partial" : index % 40 === 7 ? "estimated" : "provider",
    streamed: index % 2 === 0,
    latency_ms: latency,
    time_to_first_token_ms: index % 2 === 0 ? Math.round(latency * 0.18) : null,
    units: failed
      ? {}
      : {
          text: { input, output },
          ...(cached === 0 ? {} : { text_cache_read: { input: cached, output: 0 } }),
          ...(searches === 0 ? {} : { web_search: { input: 0, output: searches } }),
        },
    tokens_input: failed ? 0 : input + cached,
    tokens_output: failed ? 0 : output,
    status: isUnpriced ? "unknown_model" : "priced",
    cost: isUnpriced ? null : decimal(sum("input") + sum("output")),
    cost_input: isUnpriced ? null : decimal(sum("input")),
    cost_output: isUnpriced ? null : decimal(sum("output")),
    seeded: true,
    voided: false,
    failure: failed ? "overloaded_error: Overloaded" : null,
    provider_response_id: `msg_${index.toString(36)}`,
    provider_uri: "https://api.anthropic.com/v1/messages",
    resource_scope: null,
    failure_description: null,
    provider_request_json: null,
    provider_request_reasoning_json: null,
    provider_response_json: null,
    properties: { location: "Moab, Utah", vehicle: index % 2 === 0 ? "4x4" : "van", build: "2026.11.3" },
    use_case_properties: { channel: "web" },
    revisions: [],
    lines: isPriced ? lines.map((each) => toText(each, isFree)) : [],
    unknown_units: isUnpriced ? { text: { input, output } } : {},
    book: isUnpriced ? null : "2026-11-18.4f1c",
    limits: index % 4 === 0 ? { trail_finder_daily: { state: "ok" } } : {},
    function_calls: index % 6 === 0 ? [{ name: "find_trails", arguments: '{"near":"Moab, Utah"}' }] : [],
    ingest_time: new Date(time + 350).toISOString(),
  };
}

function line(unit: string, direction: "input" | "output", count: number, rate: bigint, resource: string) {
  const perMillion = unit === "web_search" ? rate : rate * 1_000_000n;
  return {
    unit,
    direction,
    count,
    usd: decimal(perMillion),
    per: unit === "web_search" ? "1" : "1000000",
    multipliers: [] as readonly string[],
    nano: BigInt(count) * rate,
    rate_id: `${resource}/${unit}/2025-05-22`,
  };
}

function toText({ nano, ...rest }: ReturnType<typeof line>, isFree: boolean): CostLineText {
  return Object.assign(rest, { amount: decimal(isFree ? 0n : nano) });
}

/** Nano-dollars as exact decimal text. */
export function decimal(nano: bigint): string {
  const digits = nano.toString().padStart(10, "0");
  const fraction = digits.slice(-9).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, -9) : `${digits.slice(0, -9)}.${fraction}`;
}

/** Nano-dollars behind decimal text; nothing for `null`. */
export function nanoOf(text: string | null): bigint {
  const [dollars = "0", fraction = ""] = (text ?? "0").split(".");
  return BigInt(dollars) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
}

function makeScores(
  requests: readonly RequestDetail[],
  random: () => number,
): Map<string, readonly KpiScore[]> {
  const scores = new Map<string, readonly KpiScore[]>();
  for (const request of requests) {
    const { use_case_name: name, use_case_id: id } = request;
    if (name === null || id === null || name === "gear_advisor" || scores.has(id)) continue;
    const stamp = { update_timestamp: request.time };
    const found = Math.floor(random() * 14);
    scores.set(id, [
      { kpi_name: "search_success", kpi_type: "boolean", goal: 1, score: found > 2 ? 1 : 0, ...stamp },
      { kpi_name: "result_count", kpi_type: "number", goal: 8, score: found, ...stamp },
    ]);
  }
  return scores;
}

/** Mulberry32: the same numbers on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
