/** The analytics answers over made-up requests, in the shapes of the wire. */
import {
  type BreakdownAnswer,
  type InstanceDetail,
  type KpisAnswer,
  type Measures,
  type RequestDetail,
  type SeriesAnswer,
} from "@payi/core/wire";

import { type FixtureData, decimal, nanoOf } from "./fixture-events.ts";

const HOUR = 3_600_000;

export function measure(requests: readonly RequestDetail[]): Measures {
  const priced = requests.filter(({ cost }) => cost !== null);
  const timed = requests.flatMap(({ latency_ms: latency }) => latency ?? []);
  const sum = (field: "cost" | "cost_input" | "cost_output"): string | null =>
    priced.length === 0 ? null : decimal(priced.reduce((all, each) => all + nanoOf(each[field]), 0n));
  return {
    requests: requests.length,
    errors: requests.filter(({ outcome }) => outcome === "error").length,
    blocked: requests.filter(({ outcome }) => outcome === "refused").length,
    unpriced: requests.length - priced.length,
    cost: sum("cost"),
    cost_input: sum("cost_input"),
    cost_output: sum("cost_output"),
    tokens_input: requests.reduce((all, each) => all + each.tokens_input, 0),
    tokens_output: requests.reduce((all, each) => all + each.tokens_output, 0),
    latency_ms: timed.length === 0 ? null : timed.reduce((all, each) => all + each, 0) / timed.length,
  };
}

const PARAMETERS: Readonly<Record<string, keyof RequestDetail>> = {
  use_case_name: "use_case_name",
  use_case_id: "use_case_id",
  resource: "resource",
  category: "category",
  user_id: "user_id",
  account_name: "account_name",
  outcome: "outcome",
  use_case_version: "use_case_version",
  usage_source: "usage_source",
};

/** The requests a query asks for; an empty value means "has none". */
export function select(data: FixtureData, query: URLSearchParams): readonly RequestDetail[] {
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? "~"];
  const pricing = query.get("pricing");
  return data.requests.filter((request) => {
    if (request.time < from || request.time >= to) return false;
    if (pricing !== null && (pricing === "priced") !== (request.cost !== null)) return false;
    return [...query].every(([name, value]) => {
      const field = PARAMETERS[name];
      if (field !== undefined) return `${(request[field] as string | number | null) ?? ""}` === value;
      return !name.startsWith("property.") || (request.properties[name.slice(9)] ?? "") === value;
    });
  });
}

function keyOf(request: RequestDetail, group: string): string | null {
  if (group === "version") return request.use_case_version?.toString() ?? null;
  const field = { use_case: "use_case_name", user: "user_id", account: "account_name" }[group] ?? group;
  if (group.startsWith("property:")) return request.properties[group.slice(9)] ?? null;
  return request[field as "resource"];
}

function grouped(requests: readonly RequestDetail[], group: string, limit: number) {
  const byKey = Map.groupBy(requests, (request) => keyOf(request, group));
  const unattributed = byKey.get(null) ?? [];
  byKey.delete(null);
  const rows = [...byKey.entries()].map(([key, of]) => ({
    key: key ?? "",
    of,
    cost: nanoOf(measure(of).cost),
  }));
  rows.sort((left, right) => Number(right.cost - left.cost));
  return { top: rows.slice(0, limit), other: rows.slice(limit).flatMap(({ of }) => of), unattributed };
}

export function breakdown(data: FixtureData, query: URLSearchParams): BreakdownAnswer {
  const group = query.get("group_by") ?? "use_case";
  const requests = select(data, query);
  const { top, other, unattributed } = grouped(requests, group, Number(query.get("limit") ?? 20));
  return {
    request_id: "fixture",
    group_by: group as "user",
    from: query.get("from") ?? "",
    to: query.get("to") ?? "",
    rows: top.map(({ key, of }) => Object.assign({ key }, measure(of))),
    other: other.length === 0 ? null : measure(other),
    unattributed: unattributed.length === 0 ? null : measure(unattributed),
    total: measure(requests),
  };
}

export function series(data: FixtureData, query: URLSearchParams): SeriesAnswer {
  const group = query.get("group_by") ?? "use_case";
  const granularity = query.get("granularity") === "day" ? "day" : "hour";
  const step = granularity === "day" ? 24 * HOUR : HOUR;
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  const buckets: string[] = [];
  for (let time = Math.floor(Date.parse(from) / step) * step; time < Date.parse(to); time += step) {
    buckets.push(new Date(time).toISOString());
  }
  const requests = select(data, query);
  const pointsOf = (of: readonly RequestDetail[]): readonly Measures[] => {
    const first = Date.parse(buckets[0] ?? from);
    const byBucket = Map.groupBy(of, ({ time }) => Math.floor((Date.parse(time) - first) / step));
    return buckets.map((_, index) => measure(byBucket.get(index) ?? []));
  };
  const { top, other, unattributed } = grouped(requests, group, Number(query.get("limit") ?? 6));
  return {
    request_id: "fixture",
    group_by: group as "user",
    granularity,
    time_zone: "UTC",
    from,
    to,
    buckets,
    groups: [
      ...top.map(({ key, of }) => ({ key, kind: "value" as const, points: pointsOf(of) })),
      ...(other.length === 0 ? [] : [{ key: "other", kind: "other" as const, points: pointsOf(other) }]),
      ...(unattributed.length === 0
        ? []
        : [{ key: "unattributed", kind: "unattributed" as const, points: pointsOf(unattributed) }]),
    ],
    total: pointsOf(requests),
  };
}

export function kpis(data: FixtureData, query: URLSearchParams): KpisAnswer {
  const requests = select(data, query);
  const byInstance = Map.groupBy(requests, ({ use_case_id: id }) => id ?? "");
  const scores = [...byInstance.keys()].flatMap((id) => data.scores.get(id) ?? []);
  const byName = Map.groupBy(scores, ({ kpi_name: name }) => name);
  return {
    request_id: "fixture",
    use_case_name: query.get("use_case_name") ?? "",
    instances: byInstance.size,
    kpis: [...byName.entries()].map(([name, of]) => {
      const value = of.reduce((all, { score }) => all + score, 0) / of.length;
      const goal = of[0]?.goal ?? 0;
      const isBoolean = of[0]?.kpi_type === "boolean";
      const successes = of.filter(({ score }) => score === 1).length;
      const cost = nanoOf(measure(requests).cost);
      return {
        kpi_name: name,
        kpi_type: of[0]?.kpi_type ?? "number",
        description: isBoolean ? "The person opened one of the trails" : "Trails that were found",
        goal,
        count: of.length,
        value,
        attainment: goal === 0 ? null : value / goal,
        cost_per_success: isBoolean && successes > 0 ? decimal(cost / BigInt(successes)) : null,
        cost_per_success_interval: null,
      };
    }),
  };
}

/** Instances, newest first. */
export function instances(data: FixtureData, query: URLSearchParams): readonly InstanceDetail[] {
  const byInstance = Map.groupBy(select(data, query), ({ use_case_id: id }) => id ?? "");
  return [...byInstance.entries()].flatMap(([id, calls]) => {
    const [newest, oldest] = [calls[0], calls.at(-1)];
    if (newest === undefined || oldest === undefined) return [];
    return Object.assign(measure(calls), {
      request_id: "fixture",
      use_case_name: newest.use_case_name ?? "",
      use_case_id: id,
      use_case_version: newest.use_case_version ?? 1,
      user_id: newest.user_id,
      account_name: newest.account_name,
      started: oldest.time,
      last_seen: newest.time,
      properties: newest.use_case_properties,
      kpis: data.scores.get(id) ?? [],
      limit_id: null,
      calls: calls.toReversed(),
    });
  });
}
