import { type ToolSet, jsonSchema, tool } from "ai";

import { findArea } from "../trail-guide.ts";

const LEVELS = ["easy", "moderate", "hard"] as const;

/** What the planning model may call: the guide's trails, and how much fuel days on them take. */
export const PLANNER_TOOLS: ToolSet = {
  look_up_trails: tool({
    description: "The trails around a place that are no harder than asked.",
    inputSchema: jsonSchema<{ location: string; difficulty: (typeof LEVELS)[number] }>({
      type: "object",
      properties: {
        location: { type: "string", description: "Town and state" },
        difficulty: { type: "string", enum: [...LEVELS] },
      },
      required: ["location", "difficulty"],
      additionalProperties: false,
    }),
    execute: ({ location, difficulty }) =>
      findArea(location).trails.filter(
        (trail) => LEVELS.indexOf(trail.difficulty) <= LEVELS.indexOf(difficulty),
      ),
  }),
  estimate_fuel: tool({
    description: "Gallons of fuel for days of driving off-road, with the way there and a third in reserve.",
    inputSchema: jsonSchema<{ vehicle: string; days: number }>({
      type: "object",
      properties: { vehicle: { type: "string" }, days: { type: "integer", minimum: 1, maximum: 5 } },
      required: ["vehicle", "days"],
      additionalProperties: false,
    }),
    execute: ({ vehicle, days }) => ({ vehicle, gallons: Math.ceil(days * GALLONS_A_DAY * 1.33) }),
  }),
};

/** Thirty miles in low range at five miles per gallon, and thirty on gravel at twelve. */
const GALLONS_A_DAY = 30 / 5 + 30 / 12;
