import { expect, test } from "vitest";

import { readTrailQuestion, recommendTrails } from "../src/simulator/trail-answer.ts";
import { findArea, areaNames } from "../src/trail-guide.ts";
import { TrailReader } from "../src/trail.ts";

const LINES = [
  '{"name":"Onion Creek","near":"Moab","difficulty":"easy","miles":19,"why":"Fins.","advice":"Go."}',
  '{"name":"Gemini Bridges","near":"Moab","difficulty":"easy","miles":13,"why":"Arches.","advice":"Go."}',
].join("\n");

test("trails are found wherever the text is cut", () => {
  for (let at = 0; at <= LINES.length; at += 1) {
    const reader = new TrailReader();
    const trails = [...reader.push(LINES.slice(0, at)), ...reader.push(LINES.slice(at)), ...reader.end()];
    expect(trails.map((trail) => trail.name)).toEqual(["Onion Creek", "Gemini Bridges"]);
  }
});

test("prose, code fences and half a line are no trails", () => {
  const reader = new TrailReader();
  expect(reader.push("Here you go:\n```json\n{}\n{not json}\n```\n")).toEqual([]);
  reader.push('{"name":"cut');
  expect(reader.end()).toEqual([]);
});

test("a trail without its other fields is still shown", () => {
  const [trail] = new TrailReader().push('{"name":"Rubicon"}\n');
  expect(trail).toEqual({ name: "Rubicon", near: "", difficulty: "", miles: 0, why: "", advice: "" });
});

const UP_TO = { easy: ["easy"], moderate: ["easy", "moderate"], hard: ["easy", "moderate", "hard"] } as const;

test.each(["easy", "moderate", "hard"] as const)(
  "every known area has trails that are %s at most",
  (asked) => {
    for (const place of areaNames()) {
      const found = recommendTrails({ place, vehicle: "Jeep", difficulty: asked, asLines: true });
      expect(found.length).toBeGreaterThan(0);
      expect(UP_TO[asked]).toEqual(expect.arrayContaining(found.map((trail) => trail.difficulty)));
    }
  },
);

test("place, vehicle and difficulty are read from the prompt's lines, or the place from its words", () => {
  const prompt = "Find trails.\nLocation: Moab, Utah\nVehicle: Ford Bronco\nDifficulty: Hard";
  expect(readTrailQuestion(prompt)).toMatchObject({
    place: "Moab, Utah",
    vehicle: "Ford Bronco",
    difficulty: "hard",
  });
  expect(readTrailQuestion("Any trails near Sedona, Arizona?")).toMatchObject({ place: "Sedona, Arizona" });
});

test("a place the guide does not know gets the same trails each time, named after it", () => {
  expect(findArea("Bishop, California")).toEqual(findArea("Bishop, California"));
  expect(findArea("Bishop, California").trails[0]?.name).toBe("Bishop Lookout Road");
});

test("a prompt that is not about trails is no trail question", () => {
  expect(readTrailQuestion("Summarise this invoice")).toBeUndefined();
});
