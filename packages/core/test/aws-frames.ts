/** Messages of an AWS event stream, made by hand; checksums are Node's. */
import { crc32 } from "node:zlib";

/** One message with text headers. */
export function frame(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(Buffer.byteLength(value));
    return Buffer.concat([
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7]),
      size,
      Buffer.from(value),
    ]);
  });
  return message(Buffer.concat(parts), Buffer.from(payload));
}

/** One message around headers that are bytes already. */
export function message(head: Buffer, body: Buffer): Buffer {
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + head.length + body.length, 0);
  prelude.writeUInt32BE(head.length, 4);
  const sealed = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([sealed, checksum(sealed)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

export function event(type: string, data: object): Buffer {
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  return frame(headers, JSON.stringify(data));
}

export function exception(type: string, text: string): Buffer {
  const headers = {
    ":exception-type": type,
    ":content-type": "application/json",
    ":message-type": "exception",
  };
  return frame(headers, JSON.stringify({ message: text }));
}

/** A ConverseStream with `words` deltas: 20 tokens in, 30 out. */
export function converseStream(words: number): Buffer[] {
  return [
    event("messageStart", { role: "assistant" }),
    ...Array.from({ length: words }, (_, index) =>
      event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: `word ${index} of the answer ` } }),
    ),
    event("contentBlockStop", { contentBlockIndex: 0 }),
    event("messageStop", { stopReason: "end_turn" }),
    event("metadata", {
      usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
      metrics: { latencyMs: 1 },
    }),
  ];
}
