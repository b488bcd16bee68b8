import { type FastifyInstance } from "fastify";

/**
 * Once the app closes and every answer has been given, all connections end. Without this a client that opened a
 * connection and never used it keeps the server from stopping, since such a connection does not count as idle.
 */
export function registerEndOfConnections(app: FastifyInstance): void {
  let open = 0;
  let closing = false;

  function endWhenDone(): void {
    if (closing && open === 0) app.server.closeAllConnections();
  }

  app.server.on("request", (_request, response) => {
    open += 1;
    response.once("close", () => {
      open -= 1;
      endWhenDone();
    });
  });
  app.addHook("preClose", async () => {
    closing = true;
    // After the hooks, so that streams have been told to end and nothing new is accepted.
    setImmediate(endWhenDone);
  });
}
