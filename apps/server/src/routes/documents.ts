import { type FastifyInstance } from "fastify";
import { type OpenAPIV3_1 } from "openapi-types";
import { Type } from "typebox";

import { operation } from "../http/api/operation.ts";
import { referencePage } from "../http/api/reference-page.ts";
import { REFERENCE_STYLE } from "../http/api/reference-style.ts";

/** `/docs/openapi.json`, and the same to read at `/docs/api`. */
export function registerDocuments(app: FastifyInstance): void {
  app.get(
    "/docs/openapi.json",
    operation({
      tag: "Operations",
      ours: true,
      access: "open",
      summary: "This document",
      answers: { 200: Type.Object({ openapi: Type.String() }) },
    }),
    () => app.swagger(),
  );
  app.get("/docs/api", page("This document, to read"), (_request, reply) =>
    // The plugin types its answer as any version of OpenAPI; document.ts asks for 3.1.
    reply.type("text/html; charset=utf-8").send(referencePage(app.swagger() as OpenAPIV3_1.Document)),
  );
  app.get("/docs", page("Leads to the document"), (_request, reply) => reply.redirect("/docs/api"));
  app.get("/docs/api.css", page("The style of the document"), (_request, reply) =>
    reply.type("text/css; charset=utf-8").send(REFERENCE_STYLE),
  );
}

function page(summary: string): ReturnType<typeof operation> {
  return operation({
    tag: "Operations",
    ours: true,
    access: "open",
    summary,
    answers: { 200: Type.String() },
  });
}
