import { type KpiInput, type Properties } from "@payi/core/wire";

import { type CallShape, type DemoModel } from "./demo-call.ts";
import { type DemoPerson } from "./demo-people.ts";
import { type Random } from "./random.ts";

/** What an instance was scored with; what nobody said has no entry. */
export type DemoScores = Readonly<Record<string, number | boolean>>;

/** A use case that traffic is made up for. */
export interface DemoUseCase {
  readonly name: string;
  /** Share of the instances. */
  readonly weight: number;
  /** 2: a second version replaces the first one. */
  readonly versions: 1 | 2;
  readonly kpis: readonly KpiInput[];
  readonly properties: (random: Random, person: DemoPerson) => Properties;
  /** The calls of one instance, in order. */
  readonly calls: (random: Random, version: number) => readonly CallShape[];
  readonly scores: (random: Random, version: number, success: boolean) => DemoScores;
}

const SONNET_4: DemoModel = { category: "system.anthropic", resource: "claude-sonnet-4-20250514", weight: 1 };
const SONNET_4_6: DemoModel = { category: "system.anthropic", resource: "claude-sonnet-4-6", weight: 1 };
const GPT_5: DemoModel = { category: "system.openai", resource: "gpt-5", weight: 5 };
const GPT_5_MINI: DemoModel = { category: "system.openai", resource: "gpt-5-mini", weight: 1 };
const GPT_4O_MINI: DemoModel = { category: "system.openai", resource: "gpt-4o-mini", weight: 11 };
/** In no price book: what it cost is unknown, and shows as that. */
const UNPRICED: DemoModel = { category: "system.openai", resource: "trail-judge-preview", weight: 1 };

const PLACES = [
  { place: "Moab, Utah", weight: 9 },
  { place: "Ouray, Colorado", weight: 6 },
  { place: "Sedona, Arizona", weight: 5 },
  { place: "Lake Tahoe, California", weight: 3 },
  { place: "Big Bear, California", weight: 2 },
  { place: "Death Valley, California", weight: 2 },
] as const;
const TRAILS = ["Rubicon Trail", "Hell's Revenge", "Imogene Pass", "Broken Arrow", "Titus Canyon"] as const;

const ONE_CALL = { step: undefined, sharedPrompt: 0, webSearches: [0, 0], streamed: false } as const;

const trailFinder: DemoUseCase = {
  name: "trail_finder",
  weight: 9,
  versions: 2,
  kpis: [
    {
      name: "search_success",
      description: "The search found at least one trail",
      kpiType: "boolean",
      goal: 1,
    },
    { name: "result_count", description: "Trails found", kpiType: "number", goal: 4 },
    { name: "found_helpful", description: "The person said it helped", kpiType: "boolean", goal: 1 },
  ],
  properties: (random, { vehicleMake, vehicleModel }) => ({
    location: random.pickWeighted(PLACES).place,
    vehicle_make: vehicleMake,
    vehicle_model: vehicleModel,
    difficulty: random.pick(["easy", "moderate", "moderate", "hard"]),
  }),
  // Version 2 moved to a newer model with a shared, cached prompt and searches less.
  calls: (_random, version) => [
    {
      ...ONE_CALL,
      model: version === 1 ? SONNET_4 : SONNET_4_6,
      input: version === 1 ? [2200, 3400] : [700, 1500],
      output: [500, 1300],
      sharedPrompt: version === 1 ? 0 : 1850,
      webSearches: version === 1 ? [1, 3] : [1, 2],
      streamed: true,
    },
  ],
  scores: (random, version, success) => ({
    search_success: success && random.chance(version === 1 ? 0.9 : 0.96),
    result_count: success ? random.integer(1, version === 1 ? 4 : 5) : 0,
    ...(random.chance(0.3) ? { found_helpful: random.chance(version === 1 ? 0.68 : 0.83) } : {}),
  }),
};

const trailAnalysis: DemoUseCase = {
  name: "trail_analysis",
  weight: 5,
  versions: 1,
  kpis: [
    { name: "analysis_success", description: "The photo could be rated", kpiType: "boolean", goal: 1 },
    {
      name: "difficulty_rating",
      description: "Difficulty the model saw, 1 to 5",
      kpiType: "likert5",
      goal: 3,
    },
  ],
  properties: (random, { vehicleMake }) => ({ trail_name: random.pick(TRAILS), vehicle_make: vehicleMake }),
  calls: (random) => {
    const model = random.chance(0.75) ? SONNET_4_6 : GPT_5;
    return [
      { ...ONE_CALL, model, step: "look", input: [1600, 4200], output: [250, 700] },
      { ...ONE_CALL, model: GPT_5_MINI, step: "rate", input: [500, 1100], output: [60, 160] },
    ];
  },
  scores: (random, _version, success) =>
    success
      ? { analysis_success: random.chance(0.93), difficulty_rating: random.integer(1, 5) }
      : { analysis_success: false },
};

const trailPlanner: DemoUseCase = {
  name: "trail_planner",
  weight: 2,
  versions: 2,
  kpis: [
    { name: "plan_saved", description: "The person kept the plan", kpiType: "boolean", goal: 1 },
    {
      name: "hours_saved",
      description: "Hours of planning that were not needed",
      kpiType: "number",
      goal: 2,
    },
  ],
  properties: (random) => ({
    location: random.pickWeighted(PLACES).place,
    days: String(random.integer(1, 6)),
    party: random.pick(["solo", "couple", "club"]),
  }),
  calls: (random, version) => {
    const model = version === 1 ? SONNET_4 : SONNET_4_6;
    const shared = { ...ONE_CALL, model, sharedPrompt: 4200, streamed: true } as const;
    const rounds = random.integer(1, 3);
    return [
      { ...shared, step: "outline", input: [900, 2100], output: [900, 1900] },
      ...Array.from({ length: rounds }, (_, round): CallShape => {
        const grown = round * 1400;
        return { ...shared, step: "refine", input: [1500 + grown, 2600 + grown], output: [500, 1400] };
      }),
      { ...ONE_CALL, model: GPT_5_MINI, step: "check", input: [2200, 3600], output: [80, 240] },
    ];
  },
  scores: (random, version, success) => {
    const saved = success && random.chance(version === 1 ? 0.55 : 0.7);
    return saved ? { plan_saved: true, hours_saved: random.integer(1, 8) / 2 } : { plan_saved: false };
  },
};

const judgeValidation: DemoUseCase = {
  name: "judge_validation",
  weight: 5,
  versions: 1,
  kpis: [
    { name: "verdict_upheld", description: "A person agreed with the judge", kpiType: "boolean", goal: 1 },
    { name: "judge_score", description: "The judge's mark for the answer", kpiType: "percentage", goal: 0.8 },
  ],
  properties: (random) => ({
    judged_use_case: random.pick(["trail_finder", "trail_finder", "trail_analysis"]),
  }),
  calls: (random) => {
    const model = random.pickWeighted([GPT_4O_MINI, GPT_5, UNPRICED]);
    return [{ ...ONE_CALL, model, input: [1400, 2900], output: [90, 260], sharedPrompt: 1024 }];
  },
  scores: (random, _version, success) =>
    success
      ? {
          judge_score: random.integer(55, 100) / 100,
          ...(random.chance(0.2) ? { verdict_upheld: random.chance(0.85) } : {}),
        }
      : {},
};

/** The four use cases of Trailblazer. */
export const DEMO_USE_CASES: readonly [DemoUseCase, ...DemoUseCase[]] = [
  trailFinder,
  trailAnalysis,
  trailPlanner,
  judgeValidation,
];
