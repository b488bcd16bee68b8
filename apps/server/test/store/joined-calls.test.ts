import { expect, test } from "vitest";

import { joinCalls } from "../../src/store/sql/joined-calls.ts";
import { newEvent } from "./support.ts";

const ingest = (name: string, holdId?: string) => ({
  name,
  verb: "record",
  values: [[newEvent({ holdId })]],
});
const hold = (holdId: string) => ({ name: holdId, verb: "hold", values: [{ request: { holdId } }] });
const other = (name: string) => ({ name, verb: "createLimit", values: [{}] });

function groups(
  calls: readonly { readonly name: string; readonly verb: string; readonly values: readonly unknown[] }[],
) {
  return joinCalls(calls).map((group) =>
    group.map((call) => (call as { readonly name: string }).name).join(" "),
  );
}

test("events go together before the holds that wait beside them, and nothing passes another verb", () => {
  const calls = [
    hold("h1"),
    ingest("e1"),
    hold("h2"),
    ingest("e2", "h0"),
    other("o"),
    hold("h3"),
    ingest("e3"),
  ];
  expect(groups(calls)).toEqual(["e1 e2", "h1 h2", "o", "e3", "h3"]);
});

test("an event whose hold is still being asked for stays behind it", () => {
  expect(groups([hold("h1"), ingest("e1", "h1"), ingest("e2")])).toEqual(["h1", "e1 e2"]);
});
