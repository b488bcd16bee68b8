import { createHash } from "node:crypto";

import { readFact } from "./prompt-facts.ts";

/** A report on photos of a trail: made up, and the same for the same photos. */
export function writePhotoAnswer(prompt: string, images: readonly string[]): string {
  const [drawn = 0] = createHash("sha256").update(images.join("\n")).digest();
  const scene = SCENES[drawn % SCENES.length] ?? SCENES[0];
  const vehicle = readFact(prompt, "vehicle") ?? "stock 4x4";
  return JSON.stringify({
    terrain: scene.terrain,
    difficulty: scene.difficulty,
    obstacles: scene.obstacles,
    vehicleAdvice: scene.advice(vehicle),
  });
}

const SCENES = [
  {
    terrain: "Graded dirt with washboard",
    difficulty: 1,
    obstacles: ["washboard", "loose gravel in the bends"],
    advice: (vehicle: string) => `Go: a ${vehicle} does this in high range with a little less air.`,
  },
  {
    terrain: "Slickrock with short, steep climbs",
    difficulty: 3,
    obstacles: ["a ledge of about a foot", "off-camber slab", "blind crest"],
    advice: (vehicle: string) =>
      `Go, with a spotter at the ledge: take the ${vehicle} up it one wheel at a time.`,
  },
  {
    terrain: "Rock garden in a dry wash",
    difficulty: 4,
    obstacles: ["boulders up to two feet", "narrow walls", "soft sand after the rocks"],
    advice: (vehicle: string) =>
      `Only with sliders and a locker: a stock ${vehicle} will touch its sills here.`,
  },
] as const;
