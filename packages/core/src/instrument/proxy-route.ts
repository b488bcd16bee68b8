/** Provider URL → path below the platform's proxy (contract 7.1). Pure. */
import { type Match } from "../providers/provider.ts";

export interface ProxyRoute {
  /** After `/api/v1/proxy`, with the query. */
  readonly path: string;
  /** Where the provider is; undefined where the proxy knows. */
  readonly baseUri: string | undefined;
  /** What the proxy takes the call for when it is told nothing. */
  readonly category: string;
  /** True where the proxy insists on being told the resource. */
  readonly needsResource: boolean;
}

const OPENAI = /^(.*)(\/chat\/completions|\/embeddings|\/images\/generations|\/responses)$/;
const AZURE =
  /^\/openai\/(?:deployments\/[^/]+\/(?:chat\/completions|embeddings|images\/generations)|v1\/responses)$/;
const ANTHROPIC = /^(.*)(\/v1\/messages)$/;
const BEDROCK = /^\/model\/[^/]+\/(?:invoke|invoke-with-response-stream|converse|converse-stream)$/;
const VERTEX =
  /^\/[^/]+\/projects\/[^/]+\/locations\/[^/]+\/publishers\/[^/]+\/models\/[^/]+:(?:generateContent|streamGenerateContent|rawPredict|streamRawPredict)$/;

/** Undefined for what the proxy has no route for; such a call goes straight to the provider and is metered here. */
export function findProxyRoute(match: Match, url: URL): ProxyRoute | undefined {
  const { pathname, origin, search } = url;
  if (BEDROCK.test(pathname))
    return upstream("/aws.bedrock", pathname + search, origin, "system.aws.bedrock");
  if (VERTEX.test(pathname))
    return upstream("/google.vertex", pathname + search, origin, "system.google.vertex");
  const messages = ANTHROPIC.exec(pathname);
  if (messages !== null) {
    const [, before = "", path = ""] = messages;
    const base = origin + before;
    if (url.hostname.endsWith(".azure.com")) {
      return { ...upstream("/azure.anthropic", path + search, base, "system.azure"), needsResource: true };
    }
    const own = base === "https://api.anthropic.com";
    return upstream("/anthropic", path + search, own ? undefined : base, "system.anthropic");
  }
  if (match.provider.configuration === "azure") {
    return AZURE.test(pathname)
      ? upstream("/azure.openai", pathname + search, origin, "system.azureopenai")
      : undefined;
  }
  const openai = OPENAI.exec(pathname);
  if (openai === null) return undefined;
  const [, before = "", path = ""] = openai;
  const base = origin + before;
  const own = base === "https://api.openai.com/v1";
  return upstream("/openai/v1", path + search, own ? undefined : base, "system.openai");
}

function upstream(prefix: string, path: string, baseUri: string | undefined, category: string): ProxyRoute {
  return { path: prefix + path, baseUri, category, needsResource: false };
}
