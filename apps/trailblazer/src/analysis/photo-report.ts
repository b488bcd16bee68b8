import { readFields, readLine } from "../input.ts";
import { type Model } from "../providers.ts";

/** What somebody wants to know about photos of a trail. */
export interface PhotoQuestion {
  readonly trailName: string;
  readonly vehicleMake: string;
  readonly vehicleModel: string;
  readonly photos: readonly Photo[];
}

/** A photo as it was uploaded. */
export interface Photo {
  readonly type: PhotoType;
  readonly base64: string;
}

/** What both providers can see. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** What the photos show. */
export interface PhotoReport {
  readonly terrain: string;
  /** From 1, a gravel road, to 5, where stock vehicles break. */
  readonly difficulty: number;
  readonly obstacles: readonly string[];
  /** Whether the vehicle should go, in one sentence. */
  readonly vehicleAdvice: string;
}

/** The models that can be asked; the first one with a key is. */
export const PHOTO_MODELS: readonly Model[] = ["claude-sonnet-4-6", "gpt-5-mini"];

/** Reads the text fields of the form. @throws {InputError} */
export function readPhotoFields(body: unknown): Omit<PhotoQuestion, "photos"> {
  const given = readFields(body);
  return {
    trailName: readLine(given["trailName"], "trailName"),
    vehicleMake: readLine(given["vehicleMake"], "vehicleMake"),
    vehicleModel: readLine(given["vehicleModel"], "vehicleModel"),
  };
}

/** The question itself; the photos come before it. */
export function writePhotoPrompt(question: PhotoQuestion): string {
  return [
    "These photos show an off-road trail. Judge only what can be seen.",
    `Trail: ${question.trailName}`,
    `Vehicle: ${question.vehicleMake} ${question.vehicleModel}`,
    "Answer with one JSON object and nothing else: no prose, no code fence. Its fields:",
    '"terrain" (a few words), "difficulty" (whole number, 1 a gravel road to 5 where stock vehicles break),',
    '"obstacles" (list of short texts), "vehicleAdvice" (one sentence: should this vehicle go?).',
  ].join("\n");
}

/** The report in a model's answer; undefined when there is none. */
export function readPhotoReport(answer: string): PhotoReport | undefined {
  const [json = ""] = /\{[\s\S]*\}/.exec(answer) ?? [];
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = readFields(JSON.parse(json));
  } catch {
    return undefined;
  }
  const { terrain, difficulty, obstacles, vehicleAdvice } = fields;
  if (typeof terrain !== "string" || typeof vehicleAdvice !== "string") return undefined;
  if (typeof difficulty !== "number" || !(difficulty >= 1 && difficulty <= 5)) return undefined;
  const seen = Array.isArray(obstacles) ? obstacles.filter((item) => typeof item === "string") : [];
  return { terrain, difficulty: Math.round(difficulty), obstacles: seen, vehicleAdvice };
}
