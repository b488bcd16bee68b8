/** Databricks' model serving, which speaks OpenAI's API and, for Claude, Anthropic's. The host tells the cloud. */
import { MESSAGES_API, messagesApi } from "./anthropic.ts";
import { OPENAI_API } from "./openai-api.ts";
import { openaiApi } from "./openai-paths.ts";
import { type Match, type Provider } from "./provider.ts";

const CLOUDS: Readonly<Record<string, RegExp>> = {
  aws: /\.cloud\.databricks\.com$/,
  azure: /\.azuredatabricks\.net$/,
  google: /\.gcp\.databricks\.com$/,
};

const ENDPOINT = /^\/serving-endpoints\/([^/]+)\/invocations$/;

/** Usage comes with every chunk unasked, and Claude there refuses the question. */
const NEVER_ASKED = { listedHost: true, asksForUsage: false } as const;

function onCloud(cloud: string, host: RegExp): readonly Provider[] {
  const category = `system.databricks.${cloud}`;
  const chat: Provider = {
    ...OPENAI_API,
    category,
    configuration: "databricks",
    sdkConfiguration: "openai",

    match(method: string, url: URL): Match | undefined {
      if (!url.pathname.startsWith("/serving-endpoints/") || !host.test(url.hostname)) return undefined;
      const endpoint = ENDPOINT.exec(url.pathname)?.[1];
      if (endpoint !== undefined) {
        const model = decodeURIComponent(endpoint);
        return method === "POST" ? { ...NEVER_ASKED, provider: chat, api: "chat", model } : undefined;
      }
      const api = openaiApi(method, url.pathname.replace(/^\/serving-endpoints/, "/v1"));
      return api && { ...api, ...NEVER_ASKED, provider: chat };
    },
  };
  const messages: Provider = {
    ...MESSAGES_API,
    category,
    configuration: "databricks",
    sdkConfiguration: "anthropic",

    match(method: string, url: URL): Match | undefined {
      if (!url.pathname.startsWith("/serving-endpoints/") || !host.test(url.hostname)) return undefined;
      const api = messagesApi(method, url.pathname);
      return api && { ...api, ...NEVER_ASKED, provider: messages };
    },
  };
  return [messages, chat];
}

export const databricksProviders: readonly Provider[] = Object.entries(CLOUDS).flatMap(([cloud, host]) =>
  onCloud(cloud, host),
);
