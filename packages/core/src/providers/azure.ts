/** Microsoft's hosts that speak OpenAI's API: Azure OpenAI by deployment or by model, and Foundry's other models. */
import { OPENAI_API } from "./openai-api.ts";
import { openaiApi } from "./openai-paths.ts";
import { type Match, type Provider, type Reading, type RequestFacts } from "./provider.ts";

const OPENAI_HOST =
  /\.(?:openai\.azure\.(?:com|us|cn)|cognitiveservices\.azure\.(?:com|us|cn)|services\.ai\.azure\.com)$/;
const FOUNDRY_HOST = /\.(?:services|models)\.ai\.azure\.com$/;
const DEPLOYMENT = /^\/openai\/deployments\/([^/]+)(\/.+)$/;

/** The first version of the API that knows `stream_options`. */
const ASKS_SINCE = "2024-09-01";

/**
 * Azure OpenAI. What a request calls a model is the name of a deployment; the answer names the model that served it.
 * The path of a deployment is Azure's alone, so it is recognised on any host, as of a gateway in front.
 */
export const azureOpenai: Provider = {
  ...OPENAI_API,
  category: "system.azureopenai",
  configuration: "azure",
  sdkConfiguration: "openai",

  match(method: string, url: URL): Match | undefined {
    const listedHost = OPENAI_HOST.test(url.hostname);
    const deployment = DEPLOYMENT.exec(url.pathname);
    const own = deployment !== null || (listedHost && url.pathname.startsWith("/openai/"));
    if (!own) return undefined;
    const rest = deployment?.[2] ?? url.pathname.replace(/^\/openai(?:\/v1)?/, "");
    const api = openaiApi(method, `/v1${rest}`);
    const version = url.searchParams.get("api-version");
    return (
      api && {
        ...api,
        provider: azureOpenai,
        listedHost,
        model: deployment === null ? undefined : decodeURIComponent(deployment[1] ?? ""),
        asksForUsage: version === null || !/^\d/.test(version) || version >= ASKS_SINCE,
      }
    );
  },

  readUsage(match: Match, request: RequestFacts, json: unknown, headers: Headers): Reading {
    const reading = OPENAI_API.readUsage(match, request, json, headers);
    return { ...reading, model: reading.model ?? headers.get("x-ms-deployment-name") ?? undefined };
  },
};

/** Foundry's inference API, where models of other makers refuse what they do not know: nothing is asked. */
export const foundry: Provider = {
  ...OPENAI_API,
  category: "system.azure",
  configuration: "azure",
  sdkConfiguration: "openai",

  match(method: string, url: URL): Match | undefined {
    if (!FOUNDRY_HOST.test(url.hostname)) return undefined;
    const api = openaiApi(method, `/v1${url.pathname.replace(/^\/models/, "").replace(/^\/v1/, "")}`);
    return api && { ...api, provider: foundry, listedHost: true, asksForUsage: false };
  },
};
