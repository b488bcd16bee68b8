/** Alerts over HTTP: rules, channels and what was told. Wire names are spelled in this file and in `alerts.ts` only. */
import { keepPreviousData, queryOptions, infiniteQueryOptions } from "@tanstack/react-query";

import { type Alert, type AlertChannel, type AlertRule, type ChannelTest } from "./alerts.ts";
import { read, readAll, write } from "./platform.ts";

/** Alerts per page of the history. */
const PAGE_SIZE = 50;
/** Deliveries go on by themselves. */
const FOLLOW_MS = 5000;

interface AlertPage {
  readonly items: readonly Alert[];
  readonly cursor?: string | null;
}

export const channelsQuery = queryOptions({
  queryKey: ["alerts", "channels"],
  queryFn: async ({ signal }): Promise<readonly AlertChannel[]> =>
    (await readAll("/alerts/channels", {}, signal)) as readonly AlertChannel[],
});

export const rulesQuery = queryOptions({
  queryKey: ["alerts", "rules"],
  queryFn: async ({ signal }): Promise<readonly AlertRule[]> =>
    (await readAll("/alerts/rules", {}, signal)) as readonly AlertRule[],
});

/** What was noticed, newest first, page by page; `state` asks for alerts with a delivery in it. */
export function historyQuery(state: string | undefined) {
  const parameters = { state, limit: PAGE_SIZE };
  return infiniteQueryOptions({
    queryKey: ["alerts", "history", parameters],
    queryFn: ({ pageParam, signal }) =>
      read<AlertPage>("/alerts/history", { ...parameters, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.cursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: FOLLOW_MS,
  });
}

/** How a channel is reached: `to` of e-mail, `url` of everything else. */
export interface NewChannel {
  readonly name: string;
  readonly kind: AlertChannel["kind"];
  readonly url?: string;
  readonly to?: readonly string[];
}

/** Resolves with the signing secret where the platform made one; it is told this once. */
export async function createChannel(channel: NewChannel): Promise<string | undefined> {
  const { secret } = await write<{ readonly secret?: string | null }>("POST", "/alerts/channels", channel);
  return secret ?? undefined;
}

export async function switchChannel({ id, enabled }: AlertChannel): Promise<void> {
  await write("PUT", channelPath(id), { enabled: !enabled });
}

export async function deleteChannel(id: string): Promise<void> {
  await write("DELETE", channelPath(id));
}

/** Sends a test now. Resolves with how it ended, also where it was not delivered. */
export async function testChannel(id: string): Promise<ChannelTest> {
  return write("POST", `${channelPath(id)}/test`);
}

export type RuleBody = Pick<AlertRule, "name" | "kind" | "condition" | "channels">;

export async function createRule(rule: RuleBody): Promise<void> {
  await write("POST", "/alerts/rules", rule);
}

export async function changeRule(id: string, change: Partial<AlertRule>): Promise<void> {
  await write("PUT", `/alerts/rules/${encodeURIComponent(id)}`, change);
}

export async function deleteRule(id: string): Promise<void> {
  await write("DELETE", `/alerts/rules/${encodeURIComponent(id)}`);
}

/** Sends again what could not be delivered of an alert. */
export async function retryAlert(id: string): Promise<void> {
  await write("POST", `/alerts/history/${encodeURIComponent(id)}/retry`);
}

function channelPath(id: string): string {
  return `/alerts/channels/${encodeURIComponent(id)}`;
}
