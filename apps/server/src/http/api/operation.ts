import { type FastifyContextConfig, type FastifySchema } from "fastify";
import { type TProperties, type TSchema, Type } from "typebox";

import { ApiError } from "./answer-shapes.ts";

/** The chapters of the API document, in its order. */
export const TAGS = {
  Ingest: "Events into the platform, one or many.",
  Requests: "One recorded request, by our id or by the provider's.",
  "Use cases": "Features, their versions, KPIs and instances.",
  Limits: "Budgets, what was spent of them, and money held for calls in flight.",
  Categories: "What can be priced, and resources of your own.",
  Prices: "Price books, unpriced usage, pricing the past again.",
  Analytics: "What charts, tables and reports are made of.",
  Alerts: "Rules, channels and what was sent.",
  Value: "What instances were worth, and how that is worked out.",
  Administration: "Applications, keys, members, settings and the audit log.",
  Operations: "Health, metrics and this document.",
} as const;

/** What the API document says of one operation. It tells and never enforces: bodies are read by `@payi/core/wire`. */
export interface Operation {
  readonly tag: keyof typeof TAGS;
  /** One line, an infinitive without its "to": "List limits". */
  readonly summary: string;
  readonly description?: string;
  /** True where Pay-i's own API has no such operation. */
  readonly ours?: boolean;
  /** Who may ask; see `http/auth.ts`. Default: whoever has a key. */
  readonly access?: FastifyContextConfig["access"];
  /** What the caller must be allowed to do. Default: `read` for GET, else `write`. */
  readonly needs?: FastifyContextConfig["needs"];
  /** Fields of the answer that no copy of it may keep. */
  readonly secrets?: FastifyContextConfig["secrets"];
  readonly query?: TProperties;
  readonly headers?: TProperties;
  readonly body?: TSchema;
  /** The good answers by status; refusals have one shape, which needs no mention. */
  readonly answers: Readonly<Record<number, TSchema>>;
}

/** The options of a route that is documented; every route has them, a test sees to it. */
export function operation(described: Operation): {
  readonly schema: FastifySchema;
  readonly config: FastifyContextConfig;
} {
  const {
    tag,
    summary,
    description,
    ours = false,
    access = "key",
    needs,
    secrets,
    query,
    headers,
    body,
    answers,
  } = described;
  return {
    config: {
      access,
      ...(needs === undefined ? {} : { needs }),
      ...(secrets === undefined ? {} : { secrets }),
    },
    schema: {
      tags: [tag],
      summary,
      ...(description === undefined ? {} : { description }),
      ...(ours ? { "x-payi-addition": true } : {}),
      ...(access === "open" ? { security: [] } : {}),
      ...(query === undefined ? {} : { querystring: Type.Object(query) }),
      ...(headers === undefined ? {} : { headers: Type.Object(headers) }),
      ...(body === undefined ? {} : { body }),
      response: { ...answers, ...(access === "open" ? {} : { default: ApiError }) },
    },
  };
}
