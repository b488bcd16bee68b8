/** OpenAI's Responses API: a whole response, and the events of a streamed one. */
import { type UnitCount } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";
import { estimatePromptTokens, weighTokens } from "./estimate.ts";
import { OpenAiStream } from "./openai-stream.ts";
import { addToolUnits, readImageTokens, readResponsesUsage, servedTier } from "./openai-usage.ts";
import { peekText } from "./peek-text.ts";
import {
  type ExtraUsage,
  type Match,
  NOTHING_TOLD,
  type Reading,
  type RequestFacts,
  type StreamEvent,
  tell,
} from "./provider.ts";
import { type Json, child, isJson, list, parse, text } from "./read.ts";
import { estimateSide } from "./untold.ts";

/** Ends that may come without any usage. */
const ENDED: Readonly<Record<string, Reading["ended"]>> = { failed: "error", cancelled: "aborted" };

/** A response object: usage, tool fees, function calls. One that still runs in the background is told later. */
export function readResponse(match: Match, request: RequestFacts, response: Json): Reading {
  const told = isJson(response["usage"]);
  const responseId = text(response, "id");
  const status = text(response, "status");
  const ended = told ? undefined : ENDED[status ?? ""];
  // Reading a response that did not run in the background tells nothing new.
  if (match.retrieval === true && (response["background"] !== true || !(told || ended !== undefined))) {
    return { ...NOTHING_TOLD, responseId };
  }
  if (!told && (status === "queued" || status === "in_progress")) {
    return { ...NOTHING_TOLD, responseId, pending: true };
  }
  const usage = readResponsesUsage(child(response, "usage"));
  const output = list(response, "output");
  let { units, source } =
    usage.untold === undefined
      ? usage
      : estimateSide(usage.units, usage.untold, request, estimatePromptTokens(output));
  if (units !== undefined) {
    const withTools: Record<string, UnitCount> = { ...units };
    addToolUnits(withTools, response);
    units = withTools;
  }
  return tell({
    units,
    source,
    model: text(response, "model"),
    responseId,
    facts: { serviceTier: servedTier(response["service_tier"]) },
    extra: readImageTool(response),
    functionCalls: output
      .filter((item) => item["type"] === "function_call" || item["type"] === "custom_tool_call")
      .map((item) => ({
        name: text(item, "name") ?? "unknown",
        arguments: text(item, "arguments") ?? text(item, "input"),
      })),
    ended,
    failure:
      usage.failure ??
      (status === "failed" ? (text(child(response, "error"), "code") ?? "response_failed") : undefined),
    finishReason: text(child(response, "incomplete_details"), "reason") ?? status,
  });
}

/** The image model behind the image generation tool bills its tokens beside the response's own. */
function readImageTool(response: Json): readonly ExtraUsage[] {
  const { units } = readImageTokens(child(child(response, "tool_usage"), "image_gen"));
  if (units === undefined || Object.keys(units).length === 0) return [];
  const tool = list(response, "tools").find(({ type }) => type === "image_generation");
  // Without the tool's model the tokens have no price; the response's own model would be a wrong one.
  return [{ model: (tool && text(tool, "model")) ?? "system.unknown_model", units }];
}

const TERMINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Events of the Responses API; the terminal one carries the whole response. */
export class ResponsesStream extends OpenAiStream {
  readonly #match: Match;
  #last: Reading | undefined;

  constructor(match: Match, request: RequestFacts) {
    super(request);
    this.#match = match;
  }

  event({ name, data }: StreamEvent): void {
    const type = name ?? peekText(data, "type");
    if (type.endsWith(".delta")) {
      this.delivered += weighTokens(peekText(data, "delta"));
    } else if (type === "response.created" || TERMINAL.has(type)) {
      const event = parse(data);
      if (event !== undefined) this.#read(child(event, "response"), TERMINAL.has(type));
    } else if (type === "error") {
      const event = parse(data);
      this.failure = (event === undefined ? undefined : text(event, "code")) ?? "provider_error";
    } else if (data === "[DONE]") {
      this.complete = true;
    }
  }

  #read(response: Json, terminal: boolean): void {
    this.responseId = text(response, "id") ?? this.responseId;
    this.model = text(response, "model") ?? this.model;
    if (terminal) this.#last = readResponse(this.#match, this.request, response);
  }

  override read(): Reading {
    if (this.#last !== undefined) return this.#last;
    const reading = super.read();
    const later = this.#match.retrieval === true || this.request.body?.["background"] === true;
    if (!later) return reading;
    // A background response goes on without its reader; its usage is told when it is retrieved.
    const untold = { ...NOTHING_TOLD, responseId: this.responseId, failure: this.failure };
    return this.#match.retrieval === true ? untold : { ...untold, pending: this.responseId !== undefined };
  }

  protected functionCalls(): readonly FunctionCall[] {
    return [];
  }
}
