import { findArea } from "../trail-guide.ts";
import { readFact } from "./prompt-facts.ts";
import { recommendTrails } from "./trail-answer.ts";

/** The plan that a prompt with the lines `Location` and `Days` asks for; undefined for any other prompt. */
export function writeTripPlan(prompt: string): string | undefined {
  const place = readFact(prompt, "location");
  const days = Number(readFact(prompt, "days"));
  if (place === undefined || !Number.isInteger(days) || days < 1) return undefined;
  const vehicle = readFact(prompt, "vehicle") ?? "stock 4x4";
  const level = readFact(prompt, "difficulty")?.toLowerCase();
  const difficulty = (["easy", "moderate", "hard"] as const).find((known) => known === level);
  // The easiest first: the last day is the hardest.
  const trails = recommendTrails({ place, vehicle, difficulty, asLines: false }).toReversed();
  const lines = Array.from({ length: Math.min(days, LONGEST) }, (_, index) => {
    const trail = trails[index % trails.length];
    if (trail === undefined) return `Day ${index + 1}: Explore around ${findArea(place).name}.`;
    return `Day ${index + 1}: ${trail.name}, ${trail.miles} miles, ${trail.difficulty}. ${trail.why} ${trail.advice}`;
  });
  const gallons = /"gallons":(\d+)/.exec(prompt.replaceAll("\\", ""))?.[1];
  const fuel = gallons === undefined ? "fill up before you leave the pavement" : `${gallons} gallons`;
  return [
    ...lines,
    `Fuel: ${fuel}, and check prices in town.`,
    "Bring: a full-size spare, a compressor, recovery boards, four litres of water per person and day.",
  ].join("\n");
}

const LONGEST = 14;
