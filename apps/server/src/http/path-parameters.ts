import { WireError } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

/** No name of anything holds a NUL: bodies have it replaced, and no database keeps it in a text. */
export function registerPathParameters(app: FastifyInstance): void {
  app.addHook("preValidation", async (request) => {
    const given = Object.values((request.params ?? {}) as Readonly<Record<string, unknown>>);
    if (!given.some((value) => typeof value === "string" && value.includes("\0"))) return;
    throw new WireError(
      "request_processing_error",
      "A name in the address holds a NUL (%00), which no name has. Leave it out.",
    );
  });
}
