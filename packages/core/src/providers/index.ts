import { foundryAnthropic, mantleAnthropic, vertexAnthropic } from "./anthropic-clouds.ts";
import { anthropic } from "./anthropic.ts";
import { azureOpenai, foundry } from "./azure.ts";
import { bedrock } from "./bedrock.ts";
import { databricksProviders } from "./databricks.ts";
import { google } from "./google.ts";
import { bedrockOpenai, googleOpenai } from "./openai-clouds.ts";
import { compatibleProviders } from "./openai-compatible.ts";
import { openai } from "./openai.ts";
import { type Match, type Provider } from "./provider.ts";

/** Every provider that is metered. Those that know their hosts come before those that know a path. */
export const PROVIDERS: readonly Provider[] = [
  foundryAnthropic,
  vertexAnthropic,
  mantleAnthropic,
  ...databricksProviders,
  azureOpenai,
  foundry,
  googleOpenai,
  bedrockOpenai,
  bedrock,
  google,
  ...compatibleProviders,
  anthropic,
  openai,
];

/** The first that recognises a request has it. Providers that are told apart by one look share it. */
const MATCHERS: readonly Provider["match"][] = [...new Set(PROVIDERS.map(({ match }) => match))];

/** The last part of every path that can be a billable call: most requests of a process end otherwise. */
const ENDS =
  /(?:completions|responses(?:\/[^/]+(?:\/cancel)?)?|messages|batches(?:\/[^/]+)?|results|embeddings|decisions|videos|generations|edits|extensions|remix|variations|transcriptions|translations|speech|moderations|invocations|converse|invoke|stream|apply|async-invoke|interactions(?:\/[^/]+(?:\/cancel)?)?|:[A-Za-z]+)$/;

/** The billable call behind a request, or undefined: most requests of a process are none. */
export function matchProvider(method: string, url: URL): Match | undefined {
  if ((method !== "POST" && method !== "GET") || !ENDS.test(url.pathname)) return undefined;
  for (const find of MATCHERS) {
    const match = find(method, url);
    if (match !== undefined) return match;
  }
  return undefined;
}
