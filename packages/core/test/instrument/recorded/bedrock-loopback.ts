/** What Bedrock's client talks to in tests: HTTP/2 without TLS, as its default handler speaks to a plain endpoint. */
import { type Http2Session, constants, createServer } from "node:http2";
import { type AddressInfo } from "node:net";

import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from "@aws-sdk/client-bedrock-runtime";

export interface ReceivedOverHttp2 {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export interface Http2Loopback extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly received: ReceivedOverHttp2[];
}

export interface Http2Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | readonly Buffer[];
  /** True: the stream is left open after the body. */
  readonly open?: boolean;
}

/** An h2c server on a free port; `hang` never answers, `reset` breaks the request off. */
export async function startHttp2(
  answer: (request: ReceivedOverHttp2) => Http2Answer | "hang" | "reset",
): Promise<Http2Loopback> {
  const received: ReceivedOverHttp2[] = [];
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const request = { path: String(headers[":path"]), headers, body: Buffer.concat(chunks) };
      received.push(request);
      const answered = answer(request);
      if (answered === "hang") return;
      if (answered === "reset") {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return;
      }
      const { status, headers: given, body, open } = answered;
      stream.respond({ ":status": status, ...given });
      for (const part of Buffer.isBuffer(body) ? [body] : body) stream.write(part);
      if (open !== true) stream.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    received,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A real client with its default handler; signs with keys of its own. */
export function clientOf(endpoint: string, more: BedrockRuntimeClientConfig = {}): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    ...more,
  });
}
