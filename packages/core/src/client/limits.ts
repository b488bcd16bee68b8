/** The routes of limits (contract 2.1), and of their windows (additions). */
import { formatMoney, type Money } from "../money.ts";
import { type Limit, decodeLimit } from "../wire/answers.ts";
import { type LimitPolicy, encodePolicy } from "../wire/limit-policy.ts";
import {
  type LimitWindow,
  type Raise,
  type SimulationRequest,
  type SimulationResult,
  type TopUp,
  decodeLimitWindow,
  decodeSimulationResult,
  encodeRaise,
  encodeSimulationRequest,
  encodeTopUp,
} from "../wire/limit-windows.ts";
import { type LimitInput, encodeLimitInput } from "../wire/limits.ts";
import { isObject } from "../wire/parse.ts";
import { type PageQuery, pages } from "./paging.ts";
import { type ApiRequest, type Transport, segment } from "./request.ts";

export interface LimitMethods {
  /** Idempotent: the same name and configuration returns the limit that exists. */
  create(input: LimitInput): Promise<Limit>;
  get(limitId: string): Promise<Limit>;
  list(query?: PageQuery): AsyncGenerator<Limit>;
  /** What is left out stays as it is. */
  update(limitId: string, change: LimitPolicy & { max?: Money; limitName?: string }): Promise<Limit>;
  /** Writes a history record, then counts from zero. */
  reset(limitId: string): Promise<void>;
  delete(limitId: string): Promise<void>;
  /** Windows that are over, newest first; a reset closes one too. */
  history(limitId: string, query?: PageQuery): AsyncGenerator<LimitWindow>;
  /** The current window of each value, most spent first; of a plain limit the one window. */
  windows(limitId: string, query?: PageQuery): AsyncGenerator<LimitWindow>;
  /** More room in the current window, gone with it. */
  topUp(limitId: string, topUp: TopUp): Promise<Limit>;
  /** Another max until a time. */
  raise(limitId: string, raise: Raise): Promise<Limit>;
  /** What a limit would have refused. Changes nothing. */
  simulate(request: SimulationRequest): Promise<SimulationResult>;
}

export function limitMethods(
  transport: () => Transport,
  call: (call: ApiRequest) => Promise<unknown>,
): LimitMethods {
  const limit = async (asked: ApiRequest): Promise<Limit> => {
    const answer = await call(asked);
    return decodeLimit(isObject(answer) ? answer["limit"] : undefined);
  };
  return {
    create: (input) => limit({ method: "POST", path: "/limits", body: encodeLimitInput(input) }),
    get: (limitId) => limit({ method: "GET", path: pathOf(limitId) }),
    list: (query = {}) => pages(transport(), "/limits", query, decodeLimit),
    update: (limitId, { max, limitName, ...policy }) => {
      const amount = max === undefined ? undefined : Number(formatMoney(max));
      const body = { ...encodePolicy(policy), limit_name: limitName, max: amount };
      return limit({ method: "PUT", path: pathOf(limitId), body });
    },
    reset: async (limitId) => {
      await call({ method: "POST", path: pathOf(limitId, "/reset"), body: {} });
    },
    delete: async (limitId) => {
      await call({ method: "DELETE", path: pathOf(limitId) });
    },
    history: (limitId, query = {}) =>
      pages(transport(), pathOf(limitId, "/history"), query, decodeLimitWindow),
    windows: (limitId, query = {}) =>
      pages(transport(), pathOf(limitId, "/windows"), query, decodeLimitWindow),
    topUp: (limitId, topUp) =>
      limit({ method: "POST", path: pathOf(limitId, "/top_up"), body: encodeTopUp(topUp) }),
    raise: (limitId, raise) =>
      limit({ method: "POST", path: pathOf(limitId, "/raise"), body: encodeRaise(raise) }),
    simulate: async (request) =>
      decodeSimulationResult(
        await call({ method: "POST", path: "/limits/simulate", body: encodeSimulationRequest(request) }),
      ),
  };
}

function pathOf(limitId: string, what = ""): string {
  return `/limits/${segment(limitId)}${what}`;
}
