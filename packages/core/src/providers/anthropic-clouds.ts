/** Anthropic's models at other clouds over their own wire format; who hosts is who bills. */
import { MESSAGES_API, messagesApi } from "./anthropic.ts";
import { isGoogle, locationScope } from "./google.ts";
import { type Match, type Provider } from "./provider.ts";

const FOUNDRY_HOST = /\.(?:services\.ai\.azure|azure\.anthropic)\.com$/;

/** Microsoft Foundry: `https://{resource}.services.ai.azure.com/anthropic/v1/messages`. */
export const foundryAnthropic: Provider = {
  ...MESSAGES_API,
  category: "system.azure",
  configuration: "anthropic",

  match(method: string, url: URL): Match | undefined {
    if (!FOUNDRY_HOST.test(url.hostname)) return undefined;
    const api = messagesApi(method, url.pathname);
    return api && { ...api, provider: foundryAnthropic, listedHost: true };
  },
};

const VERTEX_PATH = /\/publishers\/anthropic\/models\/([^/:]+):(rawPredict|streamRawPredict)$/;

/** Vertex AI: the model stands in the path; counting tokens has a name of its own and is free. */
export const vertexAnthropic: Provider = {
  ...MESSAGES_API,
  category: "system.google.vertex",
  configuration: "anthropic",

  match(method: string, url: URL): Match | undefined {
    const path = VERTEX_PATH.exec(url.pathname);
    const model = path === null ? undefined : decodeURIComponent(path[1] ?? "");
    if (path === null || method !== "POST" || model === "count-tokens") return undefined;
    return {
      provider: vertexAnthropic,
      api: path[2] === "rawPredict" ? "messages" : "messages-stream",
      listedHost: isGoogle(url.hostname),
      model,
      resourcePrefix: "anthropic.",
      scope: locationScope(url),
    };
  },
};

const MANTLE_HOST = /^bedrock-mantle\.([a-z0-9-]+)\.api\.aws$/;

/** Amazon's Mantle endpoints: Anthropic's own API, billed by Bedrock. */
export const mantleAnthropic: Provider = {
  ...MESSAGES_API,
  category: "system.aws.bedrock",
  configuration: "anthropic",

  match(method: string, url: URL): Match | undefined {
    const region = MANTLE_HOST.exec(url.hostname)?.[1];
    const api = region === undefined ? undefined : messagesApi(method, url.pathname);
    return api && { ...api, provider: mantleAnthropic, listedHost: true, scope: `region.${region}` };
  },
};
