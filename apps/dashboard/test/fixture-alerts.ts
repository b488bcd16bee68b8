/** The platform's answers about alerts, in the shapes of the wire. What is written is kept. */

type Body = Readonly<Record<string, unknown>>;

/** The answer to a call below `/alerts`; undefined where there is none. */
export type FixtureAlerts = (method: string, url: URL, body: unknown) => object | undefined;

export function makeAlerts(): FixtureAlerts {
  const kept = { channels: new Map<string, Body>(), rules: new Map<string, Body>() };
  return (method, url, given) => {
    const [, root = "", id, action] = url.pathname.slice("/api/v1/".length).split("/");
    if (root === "history") return page(HISTORY);
    const all = kept[root as keyof typeof kept];
    const body = given as Body;
    if (id === undefined && method === "GET") return page([...all.values()]);
    if (id === undefined) {
      const made = { id: `${root}_${all.size + 1}`, enabled: true, target: targetOf(body), ...body };
      all.set(made.id, made);
      return body["kind"] === "webhook" ? { ...made, secret: "whsec_TOLDONCE" } : made;
    }
    if (action === "test") return { delivered: false, status: 503, error: "It answered 503." };
    if (method === "DELETE") all.delete(id);
    else all.set(id, { ...all.get(id), ...body });
    return { request_id: "fixture" };
  };
}

const HISTORY: readonly object[] = [
  {
    id: "alert_1",
    rule_id: "rules_1",
    rule_name: "Limits",
    kind: "limit_threshold",
    title: "Trail finder per day has reached 80 % of its budget",
    text: "4.02 USD of 5 USD are spent.",
    created_timestamp: "2026-11-21T14:02:11.000Z",
    deliveries: [
      delivery("Ops", "delivered", 1, null),
      delivery("Pager <b>", "dead", 8, "connect ECONNREFUSED"),
    ],
  },
];

function delivery(name: string, state: string, attempts: number, error: string | null): object {
  return {
    id: `delivery_${name}`,
    channel_id: name,
    channel_name: name,
    state,
    attempts,
    next_attempt_timestamp: null,
    last_status: null,
    last_error: error,
    updated_timestamp: "2026-11-21T14:02:12.000Z",
  };
}

/** What could be a key is left out, as the platform does. */
function targetOf(body: Body): string {
  return typeof body["url"] === "string" ? new URL(body["url"]).origin : String(body["to"]);
}

function page(items: readonly object[]): object {
  return { request_id: "fixture", items, cursor: null };
}
