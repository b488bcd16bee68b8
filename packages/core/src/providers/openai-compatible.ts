/** Providers that speak OpenAI's API on hosts of their own and whose prices the catalogue knows. */
import { OPENAI_API } from "./openai-api.ts";
import { openaiApi } from "./openai-paths.ts";
import { type Match, type Provider } from "./provider.ts";

/** Host → the catalogue's name of the provider, which makes the category `system.<name>`. */
const HOSTS: Readonly<Record<string, string>> = {
  "api.avian.io": "avian",
  "api.cerebras.ai": "cerebras",
  "api.cohere.ai": "cohere",
  "api.cohere.com": "cohere",
  "api.deepseek.com": "deepseek",
  "api.fireworks.ai": "fireworks",
  "api.groq.com": "groq",
  "api.mistral.ai": "mistral",
  "api.moonshot.ai": "moonshotai",
  "api.moonshot.cn": "moonshotai",
  "api.novita.ai": "novita",
  "api.perplexity.ai": "perplexity",
  "api.together.ai": "together",
  "api.together.xyz": "together",
  "api.voyageai.com": "voyageai",
  "api.x.ai": "x-ai",
  "api.z.ai": "zai",
  "inference.baseten.co": "baseten",
  "open.bigmodel.cn": "zhipuai",
  "openrouter.ai": "openrouter",
};

/** Those whose documentation has `stream_options.include_usage`; the others tell usage unasked or refuse the question. */
const ANSWERS_THE_QUESTION: ReadonlySet<string> = new Set(["deepseek", "groq"]);

function compatible(name: string): Provider {
  return {
    ...OPENAI_API,
    category: `system.${name}`,
    configuration: "openai",
    instrument: "system.openai",
    match: matchCompatible,
  };
}

export const compatibleProviders: readonly Provider[] = [...new Set(Object.values(HOSTS))].map(compatible);

const byCategory: ReadonlyMap<string, Provider> = new Map(
  compatibleProviders.map((provider) => [provider.category, provider]),
);

/** One look finds the provider of a host; some of them leave the version out of the path. */
function matchCompatible(method: string, url: URL): Match | undefined {
  const name = HOSTS[url.hostname];
  const provider = name === undefined ? undefined : byCategory.get(`system.${name}`);
  if (name === undefined || provider === undefined) return undefined;
  const api = openaiApi(method, url.pathname) ?? openaiApi(method, `/v1${url.pathname}`);
  return api && { ...api, provider, listedHost: true, asksForUsage: ANSWERS_THE_QUESTION.has(name) };
}
