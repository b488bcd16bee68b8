import { createHash } from "node:crypto";

import { findArea } from "../trail-guide.ts";
import { readTrailQuestion } from "./trail-answer.ts";

/** One hit of the simulated web search. */
export interface WebResult {
  readonly title: string;
  readonly url: string;
  readonly pageAge: string;
  /** The page's text as the model reads it; it is counted as input. */
  readonly text: string;
}

/** What a model would look up for a prompt, best first. */
export function searchQueries(prompt: string, lastMessage: string): readonly string[] {
  const trails = readTrailQuestion(prompt);
  if (trails === undefined) return [lastMessage.replaceAll(/\s+/g, " ").trim().slice(0, 80)];
  const { name } = findArea(trails.place);
  return [`best 4x4 trails near ${name}`, `${name} trail conditions ${trails.difficulty ?? ""}`.trim()];
}

/** Three pages about a query; the same query finds the same pages. Every address is under example.com. */
export function searchWeb(query: string): readonly WebResult[] {
  const area = findArea(query.replace(/^.* near /, "").replace(/ trail conditions.*$/, ""));
  const slug = query
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return SITES.map(([site, title, age], index) => {
    const trails = area.trails.slice(index, index + 3);
    const text = trails
      .map((trail) => `${trail.name}: ${trail.difficulty}, ${trail.miles} miles, ${trail.note}.`)
      .join(" ");
    return {
      title: `${title}: ${area.name}`,
      url: `https://${site}.example.com/${slug}`,
      pageAge: age,
      text: `${text} Check the ranger district before you go; gates close early in a wet season. ${text}`,
    };
  });
}

/** The opaque form in which a result travels: as long as its text, and not readable. */
export function sealResult(result: WebResult): string {
  const key = createHash("sha256").update(result.url).digest();
  const bytes = Buffer.from(result.text, "utf8").map((byte, index) => byte ^ (key[index % key.length] ?? 0));
  return Buffer.from(bytes).toString("base64");
}

const SITES = [
  ["trails", "Trail guide", "2 weeks ago"],
  ["overland-journal", "Trip report", "3 days ago"],
  ["rangers", "Current road and trail conditions", "1 day ago"],
] as const;
