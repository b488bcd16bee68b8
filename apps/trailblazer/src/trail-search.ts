import { readChoice, readFields, readLine } from "./input.ts";
import { type Model } from "./providers.ts";

/** What somebody wants to find. Every field is one line of text. */
export interface TrailSearch {
  readonly location: string;
  readonly vehicleMake: string;
  readonly vehicleModel: string;
  readonly difficulty: Difficulty;
  readonly model: SearchModel;
}

export const DIFFICULTIES = ["easy", "moderate", "hard"] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** The models that can be asked; the first one is asked unless another is chosen. */
export type SearchModel = Extract<Model, "claude-sonnet-4-20250514" | "gpt-5-mini">;
export const SEARCH_MODELS: readonly [SearchModel, ...SearchModel[]] = [
  "claude-sonnet-4-20250514",
  "gpt-5-mini",
];

/** Reads the body of `POST /api/trails/search`; the first model is asked when none is named. @throws {InputError} */
export function readTrailSearch(body: unknown): TrailSearch {
  const given = readFields(body);
  return {
    location: readLine(given["location"], "location"),
    vehicleMake: readLine(given["vehicleMake"], "vehicleMake"),
    vehicleModel: readLine(given["vehicleModel"], "vehicleModel"),
    difficulty: readChoice(given["difficulty"], "difficulty", DIFFICULTIES),
    model: readChoice(given["model"] ?? SEARCH_MODELS[0], "model", SEARCH_MODELS),
  };
}

/** What the model is told about its task, whatever is searched for. */
export const SYSTEM_PROMPT: string = [
  "You are a trail guide for off-road drivers in North America.",
  "You recommend trails that are open to motor vehicles, fit the vehicle and are no harder than asked.",
  "Look up current conditions and closures before you answer, and leave out what is closed.",
  "Answer with one JSON object per line and nothing else: no prose, no code fence. Three to five trails.",
  'Each object has the fields "name", "near", "difficulty" (easy, moderate or hard), "miles" (a number, one way),',
  '"why" (one sentence on what makes the trail worth it) and "advice" (one sentence for this vehicle).',
].join("\n");

/** The question itself. */
export function writePrompt(search: TrailSearch): string {
  return [
    "Find off-road trails for this trip.",
    `Location: ${search.location}`,
    `Vehicle: ${search.vehicleMake} ${search.vehicleModel}`,
    `Difficulty: ${search.difficulty}`,
  ].join("\n");
}
