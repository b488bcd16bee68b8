/** OpenAI itself, and any host that merely speaks its API. */
import { OPENAI_API } from "./openai-api.ts";
import { openaiApi } from "./openai-paths.ts";
import { type Match, type Provider } from "./provider.ts";

const OWN_HOST = /^(?:([a-z]{2})\.)?api\.openai\.com$/;

/** Words that many an API has in its paths: on a host that is not known they mean anything. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(["videos", "video-extension", "decisions", "batch"]);

/** Only `/chat/completions` has no second meaning; an outcome that is read later is told from others by what it says. */
const ASKED_BY: Readonly<Record<string, NonNullable<Match["askedBy"]>>> = {
  // A prompt that is kept at the provider names its model there.
  responses: [
    ["model", "prompt"],
    ["input", "prompt", "previous_response_id", "conversation"],
  ],
  completions: ["prompt"],
  embeddings: ["model", "input"],
  images: ["prompt"],
  transcriptions: ["model"],
  speech: ["model", "input"],
  moderations: ["model", "input"],
};

export const openai: Provider = {
  ...OPENAI_API,
  category: "system.openai",
  configuration: "openai",

  match(method: string, url: URL): Match | undefined {
    const api = openaiApi(method, url.pathname);
    if (api === undefined) return undefined;
    const own = OWN_HOST.exec(url.hostname);
    return {
      ...api,
      provider: openai,
      listedHost: own !== null,
      onlyIfMapped: own === null && PLAIN_WORDS.has(api.api),
      askedBy: own === null && api.retrieval !== true ? ASKED_BY[api.api] : undefined,
      asksForUsage: own === null ? undefined : true,
      // `eu.api.openai.com` and its like promise to keep data in their region, some for a higher price.
      dataResidency: own?.[1],
    };
  },
};
