/** Amazon Bedrock's runtime: Converse, InvokeModel and guardrails, over fetch and through the AWS client alike. */
import { type UnitCount } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";
import { readMessagesUsage } from "./anthropic-usage.ts";
import { INTERVENED, addGuardrailUsage, namedGuardrail, withGuardrails } from "./bedrock-guardrails.ts";
import { ConverseStream, InvokeStream } from "./bedrock-stream.ts";
import { readConverseUsage, readInvokeBody, readInvokeHeaders, readServed } from "./bedrock-usage.ts";
import { estimatePromptTokens } from "./estimate.ts";
import { chatCalls } from "./openai-api.ts";
import { type Match, type Provider, type Reading, type RequestFacts, tell } from "./provider.ts";
import { type Json, child, count, isJson, list, text } from "./read.ts";

/** The model's id may be an ARN, with slashes of its own when it was not escaped. */
const MODEL_PATH = /^\/model\/(.+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/;
const GUARDRAIL_PATH = /^\/guardrail\/([^/]+)\/version\/[^/]+\/apply$/;
const HOST =
  /(?:^|\.)bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;

/** Short names before a dot that say who made a model, not where it runs. */
const PUBLISHERS: ReadonlySet<string> = new Set([
  "ai21",
  "amazon",
  "cohere",
  "meta",
  "luma",
  "openai",
  "qwen",
]);

export const bedrock: Provider = {
  category: "system.aws.bedrock",
  configuration: "aws",

  match(method: string, url: URL): Match | undefined {
    if (method !== "POST") return undefined;
    const region = HOST.exec(url.hostname)?.[1];
    const known = { provider: bedrock, listedHost: region !== undefined } as const;
    const path = MODEL_PATH.exec(url.pathname);
    if (path !== null) {
      const model = decodeURIComponent(path[1] ?? "");
      const api = path[2] ?? "";
      // Every id of Bedrock's has a dot or is an ARN; another server's model has a name of its own.
      const onlyIfMapped =
        region === undefined && api.startsWith("invoke") && !/[.:]/.test(model) ? true : undefined;
      return { ...known, api, model, scope: modelScope(model, region), onlyIfMapped };
    }
    const regional = region === undefined ? undefined : `region.${region}`;
    if (GUARDRAIL_PATH.test(url.pathname)) {
      return { ...known, api: "guardrail", model: "guardrail", scope: regional };
    }
    if (url.pathname === "/guardrail-checks/invoke" && region !== undefined) {
      return { ...known, api: "guardrail", model: "guardrail", scope: regional };
    }
    return url.pathname === "/async-invoke" && region !== undefined
      ? { ...known, api: "async-invoke", scope: regional }
      : undefined;
  },

  readRequest(match: Match, body: Json | undefined): RequestFacts {
    const given = body ?? {};
    return {
      model: match.model ?? text(given, "modelId"),
      streaming: match.api.endsWith("-stream"),
      maxOutputTokens:
        count(child(given, "inferenceConfig"), "maxTokens") ??
        count(child(given, "inferenceConfig"), "max_new_tokens") ??
        count(given, "max_tokens") ??
        count(given, "max_gen_len"),
      notes: namedGuardrail(given),
      body,
    };
  },

  readUsage(match: Match, request: RequestFacts, json: unknown, headers: Headers): Reading {
    const body = isJson(json) ? json : {};
    const responseId = headers.get("x-amzn-requestid") ?? undefined;
    switch (match.api) {
      case "converse":
        return { ...readConverse(body), responseId };
      case "guardrail":
        return { ...readGuardrail(body), responseId };
      case "async-invoke":
        return readAsyncInvoke(request, text(body, "invocationArn"));
      default:
        return { ...countUntold(request, body, readInvoke(request, body, headers)), responseId };
    }
  },

  openStream: (match, request, headers) =>
    match.api === "converse-stream"
      ? new ConverseStream(request, headers)
      : new InvokeStream(request, headers),
};

/**
 * `us.`, `eu.`, `apac.` … serve from a geography, `global.` from everywhere, a plain id from the endpoint's region. An
 * ARN of an inference profile hides it.
 */
export function modelScope(model: string, region: string | undefined): string | undefined {
  const place = /^(?:.*inference-profile\/)?([a-z]{2,6}(?:-[a-z]{3})?)\.[a-z0-9-]+\./.exec(model)?.[1];
  if (place === "global") return "global";
  if (place !== undefined && !PUBLISHERS.has(place)) return `datazone.${place}`;
  return model.startsWith("arn:") || region === undefined ? undefined : `region.${region}`;
}

function readConverse(body: Json): Reading {
  const content = list(child(child(body, "output"), "message"), "content");
  const stopped = body["stopReason"] === "guardrail_intervened";
  const units = readConverseUsage(child(body, "usage"));
  return tell({
    units: withGuardrails(units, child(body, "trace")),
    facts: readServed(body),
    functionCalls: content.flatMap(toolUse),
    finishReason: text(body, "stopReason"),
    notes: stopped ? INTERVENED : undefined,
  });
}

function toolUse(block: Json): readonly FunctionCall[] {
  const use = child(block, "toolUse");
  const name = text(use, "name");
  return name === undefined ? [] : [{ name, arguments: JSON.stringify(use["input"] ?? {}) }];
}

/** Headers count for every family; Claude's body also tells the two lifetimes of cache writes apart. */
function readInvoke(request: RequestFacts, body: Json, headers: Headers): Reading {
  const counted = readInvokeHeaders(headers);
  const claude = child(child(body, "usage"), "cache_creation");
  const units =
    counted === undefined || Object.keys(claude).length > 0
      ? (readInvokeBody(body) ?? counted)
      : withServerTools(counted, child(body, "usage"));
  const intervened = body["amazon-bedrock-guardrailAction"] === "INTERVENED";
  return tell({
    units: withPictures(withGuardrails(units, child(body, "amazon-bedrock-trace")), request, body),
    model: text(body, "model"),
    facts: { serviceTier: headers.get("x-amzn-bedrock-service-tier") ?? undefined },
    functionCalls: [...list(body, "content"), ...list(child(child(body, "output"), "message"), "content")]
      .flatMap((block) => (block["type"] === "tool_use" ? [claudeCall(block)] : toolUse(block)))
      .concat(list(body, "choices").flatMap((choice) => chatCalls(child(choice, "message")))),
    finishReason: text(body, "stop_reason") ?? text(body, "stopReason"),
    notes: intervened ? INTERVENED : undefined,
  });
}

/** Where neither headers nor body tell tokens, the model's own tokenizer counts, if the application named one. */
function countUntold({ countTokens, body: sent }: RequestFacts, body: Json, reading: Reading): Reading {
  if (countTokens === undefined || reading.units !== undefined) return reading;
  const input = estimatePromptTokens(sent, countTokens);
  return {
    ...reading,
    units: { text: { input, output: countTokens(answerText(body)) } },
    source: "estimated",
  };
}

/** Where the families' bodies keep what the model wrote. */
const ANSWER_FIELDS = ["outputText", "generation", "generated_text", "completion", "text", "content"];
const ANSWER_LISTS = ["results", "outputs", "choices", "generations", "content"];

/** What the model wrote, in any family's body. */
function answerText(body: Json): string {
  const own = ANSWER_FIELDS.map((name) => text(body, name) ?? "").join("");
  const inner = ANSWER_LISTS.flatMap((name) => list(body, name));
  for (const name of ["message", "output"]) if (isJson(body[name])) inner.push(child(body, name));
  return own + inner.map(answerText).join("");
}

function claudeCall(block: Json): FunctionCall {
  return { name: text(block, "name") ?? "unknown", arguments: JSON.stringify(block["input"] ?? {}) };
}

function withServerTools(units: Readonly<Record<string, UnitCount>>, usage: Json): Reading["units"] {
  const searches = readMessagesUsage(usage)?.["web_search_request"];
  return searches === undefined ? units : { ...units, web_search_request: searches };
}

/** Image models tell no tokens: their pictures are counted. Cohere's embedding of a picture is one unit (contract 3.4). */
function withPictures(
  units: Reading["units"],
  { model, body: sent }: RequestFacts,
  body: Json,
): Reading["units"] {
  if (model?.includes("cohere.embed") === true) {
    const pictures: unknown = sent?.["images"];
    const number = Array.isArray(pictures) ? pictures.length : 0;
    return number === 0 ? units : { ...units, vision: { input: number, output: 0 } };
  }
  const drawn: unknown = body["images"];
  if (units !== undefined || !Array.isArray(drawn)) return units;
  return { image: { input: 0, output: drawn.length } };
}

function readGuardrail(body: Json): Reading {
  const units: Record<string, UnitCount> = {};
  addGuardrailUsage(units, child(body, "usage"));
  return tell({
    units: isJson(body["usage"]) ? units : undefined,
    notes: body["action"] === "GUARDRAIL_INTERVENED" ? INTERVENED : undefined,
  });
}

/** Videos are charged by the second of what was asked for. */
function readAsyncInvoke(request: RequestFacts, responseId: string | undefined): Reading {
  const seconds = child(child(request.body ?? {}, "modelInput"), "videoGenerationConfig")["durationSeconds"];
  if (typeof seconds !== "number") return tell({ responseId });
  return tell({ units: { video_seconds: { input: 0, output: Math.ceil(seconds) } }, responseId });
}
