/** OpenAI's wire format in front of other makers' models at Google and Amazon. */
import { isGoogle, locationScope } from "./google.ts";
import { OPENAI_API } from "./openai-api.ts";
import { openaiApi } from "./openai-paths.ts";
import { type Match, type Provider } from "./provider.ts";

/** Gemini API `/v1beta/openai/…`, Vertex `/…/endpoints/openapi/…`. */
export const googleOpenai: Provider = {
  ...OPENAI_API,
  category: "system.google.vertex",
  configuration: "google",
  sdkConfiguration: "openai",

  match(method: string, url: URL): Match | undefined {
    if (!isGoogle(url.hostname)) return undefined;
    const path = /\/(?:openai|endpoints\/openapi)(\/.+)$/s.exec(url.pathname)?.[1];
    const api = path === undefined ? undefined : openaiApi(method, `/v1${path}`);
    return (
      api && {
        ...api,
        provider: googleOpenai,
        listedHost: true,
        asksForUsage: false,
        scope: locationScope(url),
      }
    );
  },
};

const AMAZON_HOST = /^bedrock-(?:runtime|mantle)\.([a-z0-9-]+)\.(?:amazonaws\.com|api\.aws)$/;

/** Bedrock's endpoints for OpenAI's client, `/openai/v1/…` and `/v1/…`. */
export const bedrockOpenai: Provider = {
  ...OPENAI_API,
  category: "system.aws.bedrock",
  configuration: "aws",
  sdkConfiguration: "openai",

  match(method: string, url: URL): Match | undefined {
    const region = AMAZON_HOST.exec(url.hostname)?.[1];
    const api = region === undefined ? undefined : openaiApi(method, url.pathname);
    return (
      api && {
        ...api,
        provider: bedrockOpenai,
        listedHost: true,
        asksForUsage: false,
        scope: `region.${region}`,
      }
    );
  },
};
