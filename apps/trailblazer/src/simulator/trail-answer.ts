import { type GuideTrail, findArea } from "../trail-guide.ts";
import { readFact } from "./prompt-facts.ts";

/** What a prompt about trails asks for; read from lines such as `Location: Moab, Utah`. */
export interface TrailQuestion {
  readonly place: string;
  readonly vehicle: string;
  readonly difficulty: GuideTrail["difficulty"] | undefined;
  /** One JSON object per line instead of one object around all. */
  readonly asLines: boolean;
}

/** The question in a prompt; undefined when it is not about finding trails. */
export function readTrailQuestion(prompt: string): TrailQuestion | undefined {
  if (!/\btrails?\b/i.test(prompt)) return undefined;
  const place = readFact(prompt, "location") ?? /\bnear ([^\n."?]+)/i.exec(prompt)?.[1]?.trim();
  if (place === undefined) return undefined;
  const difficulty = readFact(prompt, "difficulty")?.toLowerCase();
  return {
    place,
    vehicle: readFact(prompt, "vehicle") ?? "stock 4x4",
    difficulty: LEVELS.find((level) => level === difficulty),
    asLines: /one json object per line/i.test(prompt),
  };
}

/** A recommendation as it stands in the answer's JSON. */
export interface TrailRecommendation {
  readonly name: string;
  readonly near: string;
  readonly difficulty: string;
  readonly miles: number;
  readonly why: string;
  readonly advice: string;
}

/** The trails for a question: at most four, the asked difficulty first and nothing harder than it. */
export function recommendTrails(question: TrailQuestion): readonly TrailRecommendation[] {
  const area = findArea(question.place);
  const wanted = question.difficulty === undefined ? LEVELS.length - 1 : LEVELS.indexOf(question.difficulty);
  return area.trails
    .filter((trail) => LEVELS.indexOf(trail.difficulty) <= wanted)
    .toSorted((a, b) => LEVELS.indexOf(b.difficulty) - LEVELS.indexOf(a.difficulty))
    .slice(0, 4)
    .map((trail) => ({
      name: trail.name,
      near: area.name,
      difficulty: trail.difficulty,
      miles: trail.miles,
      why: `${capitalize(trail.note)}.`,
      advice: ADVICE[trail.difficulty](question.vehicle),
    }));
}

/** The answer's text, in the form that was asked for. */
export function writeTrailAnswer(question: TrailQuestion): string {
  const trails = recommendTrails(question);
  if (question.asLines) return trails.map((trail) => JSON.stringify(trail)).join("\n");
  return JSON.stringify({ recommendations: trails }, null, 2);
}

const LEVELS = ["easy", "moderate", "hard"] as const;

const ADVICE = {
  easy: (vehicle) => `A ${vehicle} does this in high range; street pressure is fine when it is dry.`,
  moderate: (vehicle) => `Air the ${vehicle} down to 20 psi and take low range for the climbs.`,
  hard: (vehicle) => `For a ${vehicle} with lockers, sliders and a spotter; go with a second vehicle.`,
} as const satisfies Record<GuideTrail["difficulty"], (vehicle: string) => string>;

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
