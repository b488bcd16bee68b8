/** The platform's answers about value, in the shapes of the wire: a successful search is worth what the equation names. */
import { type ValueMeasures } from "@payi/core/wire";

import { type FixtureData, decimal, nanoOf } from "./fixture-events.ts";

type Body = Readonly<Record<string, unknown>>;

interface FixturePolicy {
  readonly value_policy_id: string;
  readonly use_case_name: string;
  readonly version: number;
  readonly description: string;
  readonly money: string | null;
  readonly time: string | null;
  active: boolean;
  readonly created_by: string;
  readonly created_timestamp: string;
}

/** The answer to a call about value; undefined where it is about something else. */
export type FixtureValue = (method: string, url: URL, body: unknown) => object | undefined;

export function makeValue(data: () => FixtureData): FixtureValue {
  const policies: FixturePolicy[] = [];
  const report = (name: string, money: string): object => {
    const total = measures(data(), name, nanoOf(/\d+\.\d+/.exec(money)?.[0] ?? "0"));
    return {
      total,
      versions: [{ use_case_version: 2, ...total }],
      unknown: [{ reason: 'the KPI "search_success" has no score', instances: 3 }],
    };
  };
  const create = (body: Body): object => {
    const own = policies.filter((policy) => policy.use_case_name === body["use_case_name"]);
    for (const policy of own) policy.active = false;
    const made: FixturePolicy = {
      value_policy_id: `policy_${policies.length + 1}`,
      use_case_name: String(body["use_case_name"]),
      version: own.length + 1,
      description: typeof body["description"] === "string" ? body["description"] : "",
      money: typeof body["money"] === "string" ? body["money"] : null,
      time: typeof body["time"] === "string" ? body["time"] : null,
      active: true,
      created_by: "dashboard",
      created_timestamp: "2026-11-21T14:00:00.000Z",
    };
    policies.unshift(made);
    return { request_id: "fixture", ...made, warnings: [] };
  };

  return (method, url, given) => {
    const [, id, action] = url.pathname.slice("/api/v1/".length).split("/");
    const body = (given ?? {}) as Body;
    if (url.pathname === "/api/v1/analytics/value") {
      const wanted = url.searchParams.get("use_case_name");
      const active = policies.filter(
        (policy) => policy.active && (wanted === null || policy.use_case_name === wanted),
      );
      return {
        request_id: "fixture",
        use_cases: active.map(({ use_case_name: name, value_policy_id: policy, version, money }) =>
          Object.assign(
            { use_case_name: name, value_policy_id: policy, policy_version: version },
            report(name, money ?? ""),
          ),
        ),
      };
    }
    if (id === "preview") {
      return {
        request_id: "fixture",
        ...report(String(body["use_case_name"]), String(body["money"])),
        current: null,
      };
    }
    if (method === "POST" && id === undefined) return create(body);
    const policy = policies.find((each) => each.value_policy_id === id);
    if (policy !== undefined) policy.active = action === "activate";
    const name = url.searchParams.get("use_case_name");
    return {
      request_id: "fixture",
      items: policies.filter((each) => each.use_case_name === name),
      cursor: null,
    };
  };
}

function measures({ requests, scores }: FixtureData, name: string, worth: bigint): ValueMeasures {
  const own = requests.filter((request) => request.use_case_name === name);
  const instances = new Set(own.flatMap(({ use_case_id: id }) => id ?? []));
  const scored = [...instances].filter((id) => scores.has(id));
  const successes = scored.filter((id) => scores.get(id)?.[0]?.score === 1);
  const money = BigInt(successes.length) * worth;
  return {
    instances: instances.size,
    with_money: scored.length,
    money: scored.length === 0 ? null : decimal(money),
    with_time: 0,
    time: null,
    cost: decimal(own.reduce((sum, { cost }) => sum + nanoOf(cost), 0n)),
    roi: scored.length === 0 ? null : "3.25",
  };
}
