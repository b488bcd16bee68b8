import { readChoice, readCount, readFields, readLine } from "../input.ts";
import { DIFFICULTIES, type Difficulty } from "../trail-search.ts";

/** A trip that somebody wants planned. */
export interface Trip {
  readonly location: string;
  readonly vehicleMake: string;
  readonly vehicleModel: string;
  readonly difficulty: Difficulty;
  readonly days: number;
}

/** Reads the body of `POST /api/trips/plan`. @throws {InputError} */
export function readTrip(body: unknown): Trip {
  const given = readFields(body);
  return {
    location: readLine(given["location"], "location"),
    vehicleMake: readLine(given["vehicleMake"], "vehicleMake"),
    vehicleModel: readLine(given["vehicleModel"], "vehicleModel"),
    difficulty: readChoice(given["difficulty"], "difficulty", DIFFICULTIES),
    days: readCount(given["days"], "days", 1, 5),
  };
}

export const PLANNER_INSTRUCTIONS: string = [
  "You plan off-road trips day by day.",
  "Call the tools for trails and fuel once, together, then write the plan.",
  'Write plain text: one line "Day 1: …" per day, then "Fuel: …" and "Bring: …". No markdown.',
].join("\n");

/** The question itself. It names the tools, so that they are called in the first step. */
export function writeTripPrompt(trip: Trip): string {
  return [
    "Plan this off-road trip.",
    `Location: ${trip.location}`,
    `Vehicle: ${trip.vehicleMake} ${trip.vehicleModel}`,
    `Difficulty: ${trip.difficulty}`,
    `Days: ${trip.days}`,
    "Use look_up_trails and estimate_fuel.",
  ].join("\n");
}
