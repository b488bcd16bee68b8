import { HEADER_PREFIX, WireError, show } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

/**
 * Every context header has one reading: sent twice, or in a spelling that a proxy in between may take for it, it is
 * refused, and so is the connection, since what comes after it may be somebody else's.
 *
 * @throws {WireError} `request_processing_error`.
 */
export function registerContextHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    const { rawHeaders } = request.raw;
    let seen: Set<string> | undefined;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const given = rawHeaders[index] ?? "";
      const name = given.toLowerCase();
      if (!name.startsWith("xproxy")) continue;
      seen ??= new Set();
      if (name.includes("_")) {
        reply.header("connection", "close");
        throw new WireError(
          "request_processing_error",
          `The header ${show(given)} has an underscore. Write ${HEADER_PREFIX}… with hyphens.`,
        );
      }
      if (seen.has(name)) {
        reply.header("connection", "close");
        throw new WireError(
          "request_processing_error",
          `The header ${show(given)} came more than once. Send it once; several limits stand in one, with commas.`,
        );
      }
      seen.add(name);
    }
  });
}
