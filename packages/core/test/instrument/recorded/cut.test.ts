import { expect, test } from "vitest";

import { EventStreamReader } from "../../../src/instrument/event-stream.ts";
import { SseReader } from "../../../src/instrument/sse.ts";
import { matchProvider } from "../../../src/providers/index.ts";
import { type Reading } from "../../../src/providers/provider.ts";
import { areAbsent, type Recording, recordingsOf } from "./replay.ts";

const streams = recordingsOf(({ streaming, http_status: status }) => streaming && status === 200);

test.skipIf(areAbsent).for(streams)("$id $api reads the same when every byte comes alone", (recording) => {
  const whole = read(recording, [recording.body]);
  expect(whole.complete).toBe(true);
  expect(
    read(
      recording,
      [...recording.body].map((byte) => Uint8Array.of(byte)),
    ),
  ).toEqual(whole);
});

test.skipIf(areAbsent).for(streams)(
  "$id $api broken off anywhere reads without trouble and never as complete before its end",
  (recording) => {
    const step = Math.max(1, Math.floor(recording.body.length / 200));
    const early: number[] = [];
    for (let length = 0; length < recording.body.length / 2; length += step) {
      if (read(recording, [recording.body.subarray(0, length)]).complete) early.push(length);
    }
    expect(early).toEqual([]);
  },
);

/** What a provider's reader makes of the bytes, cut as given. */
function read(recording: Recording, chunks: readonly Uint8Array[]): Reading {
  const url = new URL(recording.url ?? "https://example.openai.azure.com/openai/v1/chat/completions");
  const match = matchProvider("POST", url);
  if (match === undefined) throw new Error(`${url.href} is not recognised`);
  const request = match.provider.readRequest(match, { model: "model", stream: true });
  const stream = match.provider.openStream(match, request, new Headers());
  const frames = recording.encoding.includes("eventstream") ? new EventStreamReader() : new SseReader();
  for (const chunk of chunks) {
    frames.feed(chunk, (event) => {
      if (event !== undefined) stream.event(event);
    });
  }
  return stream.read();
}
