import { type Response } from "express";

/** A response as a stream of server-sent events. */
export interface EventStream {
  /** Sends one event; data goes as JSON. */
  send(name: string, data: unknown): void;
}

/** Sends the headers with the first call; later calls go on with the same stream. */
export function openEventStream(response: Response): EventStream {
  if (!response.headersSent) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  }
  return { send: (name, data) => void response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`) };
}
