import { randomBytes } from "node:crypto";

import { writePhotoAnswer } from "./photo-answer.ts";
import { sampleSchema } from "./schema-sample.ts";
import { tokenize } from "./tokens.ts";
import { readTrailQuestion, writeTrailAnswer } from "./trail-answer.ts";
import { writeTripPlan } from "./trip-plan.ts";
import { type WebResult, searchQueries, searchWeb } from "./web-search.ts";

/** A piece of an answer in the order it is generated. Joined tokens are the text or the JSON. */
export type Part =
  | { readonly kind: "text"; readonly tokens: readonly string[] }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly callId: string;
      readonly tokens: readonly string[];
    }
  | {
      readonly kind: "search";
      readonly callId: string;
      readonly query: string;
      readonly tokens: readonly string[];
      readonly results: readonly WebResult[];
    };

/** Why an answer ends: it is complete, out of tokens, at a stop sequence, or waits for a tool's result. */
type Finish = "end" | "length" | "stop" | "tool";

/** Everything that will be answered, decided before the first byte is sent. */
export interface Plan {
  readonly parts: readonly Part[];
  readonly finish: Finish;
  readonly stopSequence: string | undefined;
}

/** A function that the caller offers. */
export interface OfferedTool {
  readonly name: string;
  /** JSON schema of the arguments. */
  readonly schema: unknown;
}

/** What both APIs' requests come down to. */
export interface Question {
  /** All text of the prompt, the last message at the end. */
  readonly prompt: string;
  readonly lastMessage: string;
  readonly tools: readonly OfferedTool[];
  /** `auto` calls every tool that the last message names, all at once; a name calls that one. */
  readonly toolChoice: "auto" | "none" | "any" | { readonly name: string };
  /** The last message is a tool's result: answer now, call nothing. */
  readonly answersTool: boolean;
  /** Images of the last message, in base64. */
  readonly images: readonly string[];
  /** How many web searches are allowed; 0 where the tool is not offered. */
  readonly webSearches: number;
  /** Schema of a structured answer, `true` for any JSON object. */
  readonly answerSchema: unknown;
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
}

/** Decides the whole answer to a question, cut to its limits. */
export function planAnswer(question: Question): Plan {
  const tools = chooseTools(question);
  if (tools.length > 0)
    return cut(
      tools.map((tool) => callTool(tool, question)),
      question,
      "tool",
    );
  const queries = question.answersTool ? [] : searchQueries(question.prompt, question.lastMessage);
  const searches = queries.slice(0, question.webSearches).map((query): Part => {
    const tokens = tokenize(JSON.stringify({ query }));
    return { kind: "search", callId: newToken(), query, tokens, results: searchWeb(query) };
  });
  const text = endAtStop(writeAnswer(question), question.stopSequences);
  const parts: Part[] = [...searches, { kind: "text", tokens: tokenize(text.text) }];
  return cut(parts, question, text.stop === undefined ? "end" : "stop", text.stop);
}

/** Twelve random bytes in the alphabet of provider ids. */
export function newToken(): string {
  return randomBytes(12).toString("hex");
}

function chooseTools({ tools, toolChoice, answersTool, lastMessage }: Question): readonly OfferedTool[] {
  if (answersTool || toolChoice === "none") return [];
  if (toolChoice === "any") return tools.slice(0, 1);
  if (toolChoice !== "auto") return tools.filter((tool) => tool.name === toolChoice.name);
  const asked = lastMessage.toLowerCase();
  return tools.filter(({ name }) => asked.includes(name.toLowerCase()) || asked.includes(words(name)));
}

function callTool({ name, schema }: OfferedTool, { lastMessage }: Question): Part {
  const json = JSON.stringify(sampleSchema(schema, topicOf(lastMessage), lastMessage));
  return { kind: "tool", name, callId: newToken(), tokens: tokenize(json) };
}

function writeAnswer(question: Question): string {
  const topic = topicOf(question.lastMessage);
  if (question.answerSchema === true) return JSON.stringify({ answer: topic });
  if (question.answerSchema !== undefined) {
    return JSON.stringify(sampleSchema(question.answerSchema, topic, question.lastMessage));
  }
  if (question.images.length > 0) return writePhotoAnswer(question.prompt, question.images);
  const trip = writeTripPlan(question.prompt);
  if (trip !== undefined) return trip;
  const trails = readTrailQuestion(question.prompt);
  if (trails !== undefined) return writeTrailAnswer(trails);
  return [
    `Here is a short answer about ${topic}.`,
    "Start with what you know for certain, note where the sources differ, and check the date of each of them.",
    "If two options look alike, take the one that is easier to undo.",
    "Tell me more about where and when, and I can be more precise.",
  ].join(" ");
}

function topicOf(text: string): string {
  const topic = text.replaceAll(/\s+/g, " ").trim().slice(0, 80).trim();
  return topic === "" ? "your question" : topic;
}

function words(name: string): string {
  return name.replaceAll(/[_-]+/g, " ").toLowerCase();
}

function endAtStop(text: string, stops: readonly string[]): { text: string; stop: string | undefined } {
  let end = text.length;
  let stop: string | undefined;
  for (const sequence of stops) {
    const at = sequence === "" ? -1 : text.indexOf(sequence);
    if (at !== -1 && at < end) [end, stop] = [at, sequence];
  }
  return { text: text.slice(0, end), stop };
}

/** Nothing beyond `maxTokens` output tokens is generated; a part that does not fit is cut, the next ones are lost. */
function cut(parts: readonly Part[], { maxTokens }: Question, finish: Finish, stopSequence?: string): Plan {
  const kept: Part[] = [];
  let left = maxTokens;
  for (const part of parts) {
    if (part.tokens.length > left) {
      // Half a search query is never sent off.
      if (part.kind !== "search" && left > 0) kept.push({ ...part, tokens: part.tokens.slice(0, left) });
      return { parts: kept, finish: "length", stopSequence: undefined };
    }
    left -= part.tokens.length;
    kept.push(part);
  }
  return { parts: kept, finish, stopSequence };
}
