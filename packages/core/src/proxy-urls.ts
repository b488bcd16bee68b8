/** Base URLs and headers for clients that are pointed at the platform's proxy by hand (contract 8.7). */
import { readBaseUrl } from "./client/create-client.ts";
import { type PayiContext } from "./context.ts";
import { encodeProxyHeaders } from "./instrument/proxy-headers.ts";
import { getRuntime } from "./runtime.ts";

function proxyUrl(path: string, baseUrl: string | undefined): string {
  return `${baseUrl ?? getRuntime()?.client.baseUrl ?? readBaseUrl()}/api/v1/proxy${path}`;
}

/** `baseURL` of an `OpenAI` client. The platform: `baseUrl`, the client in use, or `PAYI_BASE_URL`. */
export function payiOpenaiUrl(baseUrl?: string): string {
  return proxyUrl("/openai/v1", baseUrl);
}

/** `baseURL` of an `Anthropic` client. */
export function payiAnthropicUrl(baseUrl?: string): string {
  return proxyUrl("/anthropic", baseUrl);
}

/** `endpoint` of an `AzureOpenAI` client; it needs the header `xProxy-Provider-BaseUri`. */
export function payiAzureOpenaiUrl(baseUrl?: string): string {
  return proxyUrl("/azure.openai", baseUrl);
}

/** `baseURL` of an `AnthropicFoundry` client; it needs `xProxy-Provider-BaseUri` and `xProxy-PriceAs-Resource`. */
export function payiAzureAnthropicUrl(baseUrl?: string): string {
  return proxyUrl("/azure.anthropic", baseUrl);
}

/** Endpoint for Bedrock; it needs `xProxy-Provider-BaseUri`. */
export function payiAwsBedrockUrl(baseUrl?: string): string {
  return proxyUrl("/aws.bedrock", baseUrl);
}

/**
 * The headers that say whom a call is for, for the per-request headers of a provider's SDK or of any HTTP client that
 * talks to the proxy. Property headers are base64 of JSON; text that no header can carry is left out.
 */
export function createHeaders(context: PayiContext): Record<string, string> {
  return encodeProxyHeaders(
    context,
    { category: context.priceAsCategory ?? "", resource: context.priceAsResource },
    context.logPromptAndResponse ?? true,
  );
}
