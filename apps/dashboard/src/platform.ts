/** One HTTP call to the platform of our own origin, with the key of this tab. */
import { ApiFailure, readFailure } from "./api-failure.ts";
import { readApplication } from "./chosen-application.ts";
import { readApiKey, refuse } from "./session.ts";

const BASE = "/api/v1";

/** The most that one page of a list may hold. */
const WHOLE_PAGE = 1000;

interface WirePage {
  readonly items: readonly unknown[];
  readonly cursor?: string | null;
}

/** A query; what is undefined is left out. */
export type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Resolves with the answer's JSON as it stands on the wire. @throws {ApiFailure} when the platform refused. */
export async function read<Answer>(
  path: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Answer> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, String(value));
  }
  const query = search.size === 0 ? "" : `?${search.toString()}`;
  const response = await send(`${BASE}${path}${query}`, { headers: { accept: "application/json" }, signal });
  return (await response.json()) as Answer;
}

/** A table as the platform writes it. @throws {ApiFailure} when the platform refused. */
export async function readCsv(path: string): Promise<string> {
  const response = await send(`${BASE}${path}`, { headers: { accept: "text/csv" } });
  return response.text();
}

/** Every page of a list. @throws {ApiFailure} when the platform refused one. */
export async function readAll(
  path: string,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- a page is found by the one before
    const page = await read<WirePage>(path, { ...parameters, limit: WHOLE_PAGE, cursor }, signal);
    all.push(...page.items);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}

/** Changes something. Resolves with the answer's JSON. @throws {ApiFailure} when the platform refused. */
export async function write<Answer>(
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body: object = {},
): Promise<Answer> {
  const response = await send(`${BASE}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

/** A stream that stays open until the signal ends it. @throws {ApiFailure} unless it opened. */
export async function openStream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await send(`${BASE}${path}`, { headers: { accept: "text/event-stream" }, signal });
  if (response.body === null) throw new ApiFailure(response.status, "no_body", "The stream has no body.");
  return response.body;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const apiKey = readApiKey();
  if (apiKey !== undefined) headers.set("xProxy-api-key", apiKey);
  const application = readApplication();
  if (application !== undefined) headers.set("x-payi-application", application);
  const response = await fetch(url, { ...init, headers });
  // A wrong password is told where it was typed.
  if (response.status === 401 && !url.startsWith(`${BASE}/session`)) refuse(true);
  if (!response.ok) throw await readFailure(response);
  return response;
}
