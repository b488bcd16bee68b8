import { type IncomingMessage, type ServerResponse } from "node:http";

import { acceptMessages } from "./anthropic/messages.ts";
import { type Call } from "./call.ts";
import { deliver, sendJson } from "./deliver.ts";
import { type Faults, parseFaults } from "./faults.ts";
import { type JsonObject, isObject } from "./json.ts";
import { type Ledger } from "./ledger.ts";
import { listModels, showModel } from "./model-list.ts";
import { acceptChat } from "./openai/chat.ts";
import { acceptEmbeddings } from "./openai/embeddings.ts";
import { acceptResponse } from "./openai/responses.ts";
import { type Speed, createPace } from "./pace.ts";
import { newToken } from "./plan.ts";
import { type PromptCache } from "./prompt-cache.ts";
import { type Flavour, ProviderError, encodeError, simulatedError } from "./provider-error.ts";
import { NO_USAGE } from "./usage.ts";

/** What the simulator remembers between requests, and how fast it is. */
export interface Simulation {
  readonly speed: Speed;
  readonly ledger: Ledger;
  readonly cache: PromptCache;
}

/** Answers one request as the provider would whose headers it carries; resolves when the answer is out. */
export async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  simulation: Simulation,
): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path === "/healthz") return sendJson(response, 200, { status: "ok" });
  if (path === "/ledger") return sendJson(response, 200, simulation.ledger.report());
  const flavour = flavourOf(request, path);
  const requestId = `req_${newToken()}`;
  const headers = replyHeaders(flavour, requestId);
  try {
    checkKey(flavour, request);
    if (request.method === "GET" && path.startsWith("/v1/models")) {
      const name = decodeURIComponent(path.slice("/v1/models/".length));
      return sendJson(response, 200, name === "" ? listModels(flavour) : showModel(flavour, name), headers);
    }
    const accept = ROUTES[path];
    if (accept === undefined || request.method !== "POST") throw unknownPath(flavour, request, path);
    const faults = readFaults(request);
    const call = accept(await readBody(flavour, request), simulation.cache, faults.withoutUsage);
    if (faults.status !== undefined) throw refuse(call, faults, flavour, requestId, simulation.ledger);
    const pace = createPace(simulation.speed);
    await deliver(call, { response, requestId, headers, faults, pace, ledger: simulation.ledger });
  } catch (error) {
    const known =
      error instanceof ProviderError
        ? error
        : new ProviderError(500, "The simulator failed; its log says why.");
    if (known !== error) console.error(error);
    if (response.headersSent) response.destroy();
    else
      sendJson(response, known.status, encodeError(flavour, known, requestId), {
        ...headers,
        ...known.headers,
      });
  }
}

type Accept = (body: JsonObject, cache: PromptCache, withoutUsage: boolean) => Call;

const ROUTES: Readonly<Record<string, Accept>> = {
  "/v1/messages": acceptMessages,
  "/v1/chat/completions": acceptChat,
  "/v1/responses": acceptResponse,
  "/v1/embeddings": (body, _cache, withoutUsage) => acceptEmbeddings(body, withoutUsage),
};

function flavourOf(request: IncomingMessage, path: string): Flavour {
  const { headers } = request;
  const anthropic =
    "anthropic-version" in headers || "x-api-key" in headers || path.startsWith("/v1/messages");
  return anthropic ? "anthropic" : "openai";
}

function replyHeaders(flavour: Flavour, requestId: string): Readonly<Record<string, string>> {
  if (flavour === "anthropic") return { "request-id": requestId };
  return { "x-request-id": requestId, "openai-version": "2020-10-01" };
}

/** Any key will do, but there must be one: an app that forgets it shall hear so here and not in production. */
function checkKey(flavour: Flavour, { headers }: IncomingMessage): void {
  const bearer = /^Bearer \S+$/.test(headers.authorization ?? "");
  if (flavour === "openai") {
    if (bearer) return;
    throw new ProviderError(
      401,
      "You didn't provide an API key. Any value will do: Authorization: Bearer YOUR_KEY",
    );
  }
  if (!bearer && (headers["x-api-key"] ?? "") === "")
    throw new ProviderError(401, "x-api-key header is required");
  if (headers["anthropic-version"] === undefined) {
    throw new ProviderError(400, "anthropic-version: header is required");
  }
}

function unknownPath(flavour: Flavour, request: IncomingMessage, path: string): ProviderError {
  const known = path in ROUTES;
  const message = known ? "Method Not Allowed" : "Not Found";
  const openai = `${known ? "Not allowed to" : "Invalid URL"} (${request.method ?? ""} ${path})`;
  return new ProviderError(known ? 405 : 404, flavour === "anthropic" ? message : openai);
}

function readFaults(request: IncomingMessage): Faults {
  try {
    return parseFaults(request.headers["x-simulate"]?.toString());
  } catch (error) {
    throw new ProviderError(400, error instanceof Error ? error.message : String(error));
  }
}

/** A refused call is in the ledger too: it cost nothing. */
function refuse(
  call: Call,
  faults: Faults,
  flavour: Flavour,
  requestId: string,
  ledger: Ledger,
): ProviderError {
  const status = faults.status ?? 500;
  const { api, model, streamed } = call;
  ledger.book(model, { id: requestId, requestId, api, streamed, status, finished: false, usage: NO_USAGE });
  return simulatedError(flavour, status, model.snapshot, faults.retryAfterSeconds);
}

const LARGEST_BODY = 32 * 1024 * 1024;

async function readBody(flavour: Flavour, request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY)
      throw new ProviderError(413, "Request exceeds the maximum allowed number of bytes.");
    chunks.push(chunk);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (isObject(body)) return body;
  } catch {
    // Answered below like a body that is no object.
  }
  const message =
    flavour === "anthropic"
      ? "The request body is not valid JSON."
      : "We could not parse the JSON body of your request. Send a JSON object as the body.";
  throw new ProviderError(400, message);
}
