import fc from "fast-check";
import { expect, test } from "vitest";

import { EventStreamReader } from "../../src/instrument/event-stream.ts";
import { type StreamEvent } from "../../src/providers/provider.ts";
import { converseStream, event, exception, frame, message } from "../aws-frames.ts";

function read(chunks: readonly Uint8Array[]): StreamEvent[] {
  const reader = new EventStreamReader();
  const events: StreamEvent[] = [];
  for (const chunk of chunks) reader.feed(chunk, (one) => events.push(one));
  return events;
}

const BYTES = Buffer.concat(converseStream(3));
const WHOLE = read([BYTES]);

test("every message is an event with its type and payload", () => {
  expect(WHOLE.map(({ name }) => name)).toEqual([
    "messageStart",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
  ]);
  expect(JSON.parse(WHOLE.at(-1)?.data ?? "")).toMatchObject({ usage: { inputTokens: 20 } });
});

test("cutting the bytes at any place yields the same events", () => {
  for (let at = 0; at <= BYTES.length; at += 1) {
    expect(read([BYTES.subarray(0, at), BYTES.subarray(at)])).toEqual(WHOLE);
  }
});

test("cutting the bytes into any pieces yields the same events", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: BYTES.length }), { maxLength: 40 }), (places) => {
      const cuts = [0, ...places.toSorted((left, right) => left - right), BYTES.length];
      const pieces = cuts.slice(1).map((end, index) => BYTES.subarray(cuts[index], end));
      expect(read(pieces)).toEqual(WHOLE);
    }),
  );
});

test("a flipped bit is noticed, and nothing after it is believed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: BYTES.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
      const damaged = Buffer.from(BYTES);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const events = read([damaged, event("metadata", { usage: { inputTokens: 1 } })]);
      const good = events.filter(({ name }) => name !== "error");
      expect(good).toEqual(WHOLE.slice(0, good.length));
      // A damaged length may promise more bytes than ever come; anything else says so at once.
      expect(events.length - good.length).toBeLessThanOrEqual(1);
      expect(good.length).toBeLessThan(WHOLE.length);
    }),
  );
});

test("an exception is an error with its type", () => {
  expect(read([exception("throttlingException", "slow down")])).toEqual([
    { name: "error", data: '{"type":"throttlingException"}' },
  ]);
  expect(read([frame({ ":message-type": "error", ":error-code": "Internal" }, "")])).toEqual([
    { name: "error", data: '{"type":"Internal"}' },
  ]);
});

test("headers of every type are passed over rightly", () => {
  const odd = Buffer.concat(
    [
      ["yes", 0, ""],
      ["no", 1, ""],
      ["byte", 2, "01"],
      ["short", 3, "0102"],
      ["int", 4, "01020304"],
      ["long", 5, "0102030405060708"],
      ["bytes", 6, "0003aabbcc"],
      ["time", 8, "0102030405060708"],
      ["uuid", 9, "000102030405060708090a0b0c0d0e0f"],
    ].map(([name, type, value]) =>
      Buffer.concat([
        Buffer.from([String(name).length]),
        Buffer.from(String(name)),
        Buffer.from([Number(type)]),
        Buffer.from(String(value), "hex"),
      ]),
    ),
  );
  const plain = event("metadata", { usage: {} });
  const own = plain.subarray(12, 12 + plain.readUInt32BE(4));
  const rebuilt = message(Buffer.concat([odd, own]), plain.subarray(12 + own.length, -4));
  expect(read([rebuilt])).toEqual([{ name: "metadata", data: '{"usage":{}}' }]);
});
