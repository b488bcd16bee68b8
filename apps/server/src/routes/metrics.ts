import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { type Counters } from "../domain/counters.ts";
import { type PriceFeed } from "../domain/price-feed.ts";
import { type Prices } from "../domain/prices.ts";
import { operation } from "../http/api/operation.ts";
import { type Store } from "../store/store.ts";
import { PROGRAM_VERSION } from "../version.ts";

const COUNTERS = [
  ["payi_requests_total", "Requests recorded since this process started."],
  [
    "payi_unpriced_requests_total",
    "Requests recorded without a known cost since this process started, by pricing status.",
  ],
  ["payi_duplicate_requests_total", "Repeats of requests that were recorded before; they charge nothing."],
  ["payi_refused_events_total", "Events that were not recorded, by the code of the refusal."],
] as const;

/** `GET /metrics` in Prometheus' text format, for a key or for whoever asks from this machine. */
export function registerMetrics(
  app: FastifyInstance,
  store: Store,
  prices: Prices,
  counters: Counters,
  { feed, isCopied }: { readonly feed: PriceFeed | undefined; readonly isCopied: boolean },
): void {
  app.get(
    "/metrics",
    operation({
      access: "local",
      needs: "metrics",
      tag: "Operations",
      ours: true,
      summary: "Prometheus metrics",
      answers: { 200: Type.String() },
    }),
    async (_request, reply) => {
      const lines: string[] = [];
      for (const [name, help] of COUNTERS) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        const entries = counters.byName(name);
        // Present from the start, so that an alert on its rise has something to compare with.
        if (entries.length === 0) lines.push(`${name} 0`);
        for (const { labels, count } of entries) lines.push(`${name}${encodeLabels(labels)} ${count}`);
      }
      const unpriced = await store.unpricedTotals();
      lines.push(
        "# HELP payi_unpriced_requests Requests on record whose cost is unknown now.",
        "# TYPE payi_unpriced_requests gauge",
        ...unpriced.map(
          ({ application, calls }) => `payi_unpriced_requests${encodeLabels({ application })} ${calls}`,
        ),
        "# HELP payi_price_book_info The price book in force.",
        "# TYPE payi_price_book_info gauge",
        `payi_price_book_info${encodeLabels({ book: (await prices.current()).book.version })} 1`,
        ...feedLines(feed),
        ...(isCopied ? await copyLines(store) : []),
        "# HELP payi_build_info The version of this program.",
        "# TYPE payi_build_info gauge",
        `payi_build_info${encodeLabels({ version: PROGRAM_VERSION })} 1`,
      );
      return reply.type("text/plain; version=0.0.4; charset=utf-8").send(`${lines.join("\n")}\n`);
    },
  );
}

function feedLines(feed: PriceFeed | undefined): readonly string[] {
  if (feed === undefined) return [];
  const { succeeded_timestamp: succeeded } = feed.status();
  return [
    "# HELP payi_price_feed_failures_total Looks at the price feed that failed since this process started.",
    "# TYPE payi_price_feed_failures_total counter",
    `payi_price_feed_failures_total ${feed.failures}`,
    "# HELP payi_price_feed_succeeded_timestamp_seconds When the price feed was last understood.",
    "# TYPE payi_price_feed_succeeded_timestamp_seconds gauge",
    ...(succeeded === null
      ? []
      : [`payi_price_feed_succeeded_timestamp_seconds ${Date.parse(succeeded) / 1000}`]),
  ];
}

async function copyLines(store: Store): Promise<readonly string[]> {
  const applications = await store.applications();
  const states = await Promise.all(applications.map(({ id }) => store.copyState(id)));
  return [
    "# HELP payi_clickhouse_behind Entries that the copy in ClickHouse lacks.",
    "# TYPE payi_clickhouse_behind gauge",
    ...applications.map(
      ({ id }, index) =>
        `payi_clickhouse_behind${encodeLabels({ application: id })} ${states[index]?.behind ?? 0}`,
    ),
  ];
}

function encodeLabels(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
    return `${name}="${escaped}"`;
  });
  return parts.length === 0 ? "" : `{${parts.join(",")}}`;
}
