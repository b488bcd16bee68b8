import { type Socket } from "node:net";

import { encodeApiError } from "@payi/core/wire";
import { type ConnectionError } from "fastify";

/** Status, its name, and what to do about it. */
const ANSWERS: Readonly<Record<string, readonly [status: number, reason: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    "Request Header Fields Too Large",
    "The headers are larger than 32 KiB. Send properties in the body.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    408,
    "Request Timeout",
    "The request was not sent to its end in time. Send it again, in smaller parts where the connection is slow.",
  ],
};

/** Answers what is no readable HTTP with the one error body, and closes the connection. */
export function handleClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, message] = ANSWERS[error.code] ?? [
    400,
    "Bad Request",
    `The request is no valid HTTP (${error.code}).`,
  ];
  const body = JSON.stringify(encodeApiError(status, "request_processing_error", message));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
