/** Which paths of OpenAI's API are billable calls. */
import { type Match } from "./provider.ts";

/** Path ends of what is paid for when it is posted. Counting and listing is free. */
const POSTED: readonly (readonly [suffix: string, api: string])[] = [
  ["/chat/completions", "chat"],
  ["/v1/responses", "responses"],
  ["/v1/responses/compact", "responses"],
  ["/v1/decisions", "decisions"],
  ["/v1/completions", "completions"],
  ["/v1/embeddings", "embeddings"],
  ["/v1/images/generations", "images"],
  ["/v1/images/edits", "images"],
  ["/v1/images/variations", "images"],
  ["/v1/audio/transcriptions", "transcriptions"],
  ["/v1/audio/translations", "transcriptions"],
  ["/v1/audio/speech", "speech"],
  ["/v1/moderations", "moderations"],
  ["/v1/videos", "videos"],
  ["/v1/videos/edits", "videos"],
  ["/v1/videos/extensions", "video-extension"],
  ["/v1/batches", "batch"],
];

/** What is read later of work that was posted: background responses and batches. */
const READ_LATER: readonly (readonly [pattern: RegExp, api: string])[] = [
  [/\/v1\/responses\/[^/]+$/, "responses"],
  [/\/v1\/batches\/[^/]+$/, "batch"],
];

/** A video made anew from another one is charged like the first. */
const REMIXED = /\/v1\/videos\/[^/]+\/remix$/;

/** Cancelling work in the background answers with what became of it. */
const CANCELLED = /\/v1\/responses\/[^/]+\/cancel$/;

/** The billable call behind a path, or undefined. */
export function openaiApi(
  method: string,
  pathname: string,
): Pick<Match, "api" | "retrieval" | "toldByRequest"> | undefined {
  if (method === "POST") {
    const api = POSTED.find(([suffix]) => pathname.endsWith(suffix))?.[1];
    if (api === "speech") return { api, toldByRequest: true };
    if (api !== undefined) return { api };
    if (REMIXED.test(pathname)) return { api: "videos" };
    return CANCELLED.test(pathname) ? { api: "responses", retrieval: true } : undefined;
  }
  if (method !== "GET") return undefined;
  const api = READ_LATER.find(([pattern]) => pattern.test(pathname))?.[1];
  return api === undefined ? undefined : { api, retrieval: true };
}
