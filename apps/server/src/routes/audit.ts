import { readTime } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";
import { Type } from "typebox";

import { AuditItem } from "../http/api/administration-shapes.ts";
import { PAGE_QUERY, PageOf, Text, Time } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { accessOf } from "../http/auth.ts";
import { encodeAuditEntry } from "../http/encode-administration.ts";
import { type Query, encodePage, queryText, readPage } from "../http/paging.ts";
import { type Store } from "../store/store.ts";

/** `GET /audit`: who changed what, before and after, newest first. */
export function registerAudit(app: FastifyInstance, store: Store): void {
  app.get<{ Querystring: Query }>(
    "/audit",
    operation({
      access: "dashboard",
      needs: "admin",
      tag: "Administration",
      ours: true,
      summary: "List administrative changes",
      description: "Those of the application, and the organization's for whoever administers that, too.",
      query: {
        ...PAGE_QUERY,
        actor: Type.Optional(Text()),
        action: Type.Optional(Text("key.created, or key for all of its kind")),
        subject: Type.Optional(Text()),
        from: Type.Optional(Time()),
        to: Type.Optional(Time("Exclusive")),
      },
      answers: { 200: PageOf(AuditItem) },
    }),
    async (request) => {
      const { application, permissions } = accessOf(request);
      const given = (name: string): string | undefined => queryText(request.query, name) || undefined;
      const found = await store.audit(
        {
          application,
          organization: permissions.includes("organization"),
          actor: given("actor"),
          action: given("action"),
          subject: given("subject"),
          fromMs: readTime(given("from"), "from"),
          toMs: readTime(given("to"), "to"),
        },
        readPage(request.query, false),
      );
      return encodePage(request.id, found, encodeAuditEntry);
    },
  );
}
