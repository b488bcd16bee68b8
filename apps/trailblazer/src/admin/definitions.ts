import { type KpiInput } from "@payi/core/wire";

/** A feature as the platform is told about it. */
export interface UseCaseDefinition {
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly kpis: readonly KpiInput[];
}

function yesOrNo(name: string, description: string): KpiInput {
  return { name, description, kpiType: "boolean", goal: 1 };
}

function count(name: string, description: string, goal: number): KpiInput {
  return { name, description, kpiType: "number", goal };
}

const JUDGED: readonly KpiInput[] = ["accuracy", "safety", "helpfulness"].map((quality) => ({
  name: `judge_${quality}`,
  description: `The judge's score for ${quality}, 1 to 5`,
  kpiType: "likert5",
  goal: 4,
}));

/** Everything that Trailblazer does with models. */
export const USE_CASES: readonly UseCaseDefinition[] = [
  {
    name: "trail_finder",
    description: "Finds trails, with web search",
    version: 1,
    properties: { app: "trailblazer", features: "web_search,vehicle_matching" },
    kpis: [
      yesOrNo("search_success", "At least one trail was found"),
      count("result_count", "Trails found", 4),
      yesOrNo("found_helpful", "The person said that it helped"),
      ...JUDGED,
    ],
  },
  {
    name: "trail_analysis",
    description: "Rates photos of a trail",
    version: 2,
    properties: { app: "trailblazer", features: "terrain_analysis,vehicle_recommendations" },
    kpis: [
      yesOrNo("analysis_success", "The model gave a report"),
      count("difficulty_rating", "Difficulty seen, 1 to 5", 3),
      count("image_count", "Photos looked at", 1),
      ...JUDGED,
    ],
  },
  {
    name: "trail_planner",
    description: "Plans trips day by day, with tools",
    version: 1,
    properties: { app: "trailblazer", features: "tools" },
    kpis: [
      yesOrNo("plan_complete", "The plan was written to its end"),
      count("tool_calls", "Tools that the model called", 2),
      count("tool_errors", "Tools that failed", 0),
      ...JUDGED,
    ],
  },
  {
    name: "judge_validation",
    description: "Scores the answers of the others",
    version: 1,
    properties: { app: "trailblazer", features: "llm_judge" },
    kpis: [yesOrNo("verdict_passed", "Safety scored 4 or more, the rest 3 or more")],
  },
];
