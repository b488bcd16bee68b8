import { connect } from "node:net";

/** What a server said to bytes: the status of each answer, and all of its text. */
export interface RawAnswer {
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes as they are, latin1, and reads until the server closes or has been quiet for `quietMs`. */
export function sendRaw(url: string, bytes: string, quietMs = 5000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let text = "";
    const end = (): void => {
      socket.destroy();
      resolve({
        statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map((match) => Number(match[1])),
        text,
      });
    };
    socket.setTimeout(quietMs, end);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("close", end);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A server that refuses early closes while the rest is still on its way.
      if (error.code === "ECONNRESET" || error.code === "EPIPE") end();
      else reject(error);
    });
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

/** A request with these header lines, which the server is asked to close after. */
export function rawRequest(lines: readonly string[], body: string, path = "/api/v1/ingest"): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: close",
    "Content-Type: application/json",
  ];
  return [...head, `Content-Length: ${Buffer.byteLength(body)}`, ...lines, "", body].join("\r\n");
}
