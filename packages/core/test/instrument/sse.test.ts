import fc from "fast-check";
import { expect, test } from "vitest";

import { SseReader, parseEvent } from "../../src/instrument/sse.ts";
import { type StreamEvent } from "../../src/providers/provider.ts";

function read(bytes: Uint8Array, cuts: readonly number[]): StreamEvent[] {
  const reader = new SseReader();
  const events: StreamEvent[] = [];
  const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (const [index, start] of edges.slice(0, -1).entries()) {
    reader.feed(bytes.slice(start, edges[index + 1]), (event) => {
      if (event !== undefined) events.push(event);
    });
  }
  return events;
}

const TEXT =
  'event: a\ndata: {"x":"é😀"}\n\n: ping\n\ndata: one\ndata: two\n\nevent: b\r\ndata: {}\r\n\r\ndata: [DONE]\n\n';

test("events, names, comments and several data lines are read", () => {
  expect(read(new TextEncoder().encode(TEXT), [])).toEqual([
    { name: "a", data: '{"x":"é😀"}' },
    { name: undefined, data: "one\ntwo" },
    { name: "b", data: "{}" },
    { name: undefined, data: "[DONE]" },
  ]);
});

test("cutting the same bytes anywhere yields the same events", () => {
  const endings = ["\n", "\r\n", "\r"];
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          name: fc.option(fc.constantFrom("x", "y")),
          data: fc.string({ minLength: 1, unit: "grapheme" }),
        }),
      ),
      fc.constantFrom(...endings),
      fc.array(fc.nat(400)),
      (given, newline, cuts) => {
        const clean = given.map(({ name, data }) => ({ name, data: `<${data.replaceAll(/[\r\n]/g, "")}>` }));
        const text = clean
          .map(
            ({ name, data }) =>
              `${name === null ? "" : `event: ${name}${newline}`}data: ${data}${newline}${newline}`,
          )
          .join("");
        // A byte after the last event settles whether a final CR was half of a CRLF.
        const bytes = new TextEncoder().encode(`${text}:`);
        const expected = clean.map(({ name, data }) => ({ name: name ?? undefined, data }));
        expect(
          read(
            bytes,
            cuts.map((cut) => Math.min(cut, bytes.length)),
          ),
        ).toEqual(expected);
      },
    ),
  );
});

test("every single cut of a real-looking stream yields the same events", () => {
  const bytes = new TextEncoder().encode(TEXT);
  const whole = read(bytes, []);
  for (let cut = 0; cut <= bytes.length; cut += 1) expect(read(bytes, [cut])).toEqual(whole);
});

test("a block without data is no event", () => {
  expect(parseEvent(": keep-alive\n\n")).toBeUndefined();
  expect(parseEvent("\n\n")).toBeUndefined();
});
