import { type Socket } from "node:net";

import { encodeApiError } from "@payi/core/wire";
import { type ConnectionError } from "fastify";

/** Answers what is no readable HTTP with the one error body, and closes the connection. */
export function handleClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const [status, reason] = tooLarge ? [431, "Request Header Fields Too Large"] : [400, "Bad Request"];
  const message = tooLarge
    ? "The headers are larger than 32 KiB. Send properties in the body."
    : `The request is no valid HTTP (${error.code}).`;
  const body = JSON.stringify(encodeApiError(status, "request_processing_error", message));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
