import { type PayiContext } from "@payi/core";
import { estimatePromptTokens, failureOf, openCallScope } from "@payi/core/call";

import { modelNameOf } from "./model.ts";

/** What LangChain's `Embeddings` have in common. */
export interface EmbeddingsLike {
  embedQuery(text: string): Promise<number[]>;
  embedDocuments(texts: string[]): Promise<number[][]>;
}

export interface TrackEmbeddingsOptions extends PayiContext {
  /** Default: by the class's name; undefined where that tells none. */
  readonly category?: string | undefined;
  /** The model. Default: the `model` of the embeddings. */
  readonly resource?: string | undefined;
  /** Default true. */
  readonly checkLimits?: boolean | undefined;
}

/**
 * The same embeddings with each call metered: embeddings have no callbacks. Where the transport sees their requests it
 * reports them; else the tokens are estimated from the texts and marked as that. Wrapping twice is wrapping once.
 *
 * @example
 * const store = new MemoryVectorStore(trackEmbeddings(new OpenAIEmbeddings()));
 */
export function trackEmbeddings<Model extends EmbeddingsLike>(
  embeddings: Model,
  options: TrackEmbeddingsOptions = {},
): Model {
  if (TRACKED in embeddings) return embeddings;
  const { category, resource, checkLimits = true, ...context } = options;
  const call = async <Result>(texts: string | string[], embed: () => Promise<Result>): Promise<Result> => {
    const scope = openCallScope({
      category: category ?? categoryOfClass(embeddings.constructor.name),
      resource: resource ?? modelNameOf(embeddings),
      context,
      prompt: texts,
    });
    if (checkLimits) await scope.authorize();
    try {
      const result = await scope.run(embed);
      const units = { text: { input: estimatePromptTokens(texts), output: 0 } };
      scope.settle({ outcome: "ok", units, source: "estimated" });
      return result;
    } catch (error) {
      scope.settle(failureOf(error));
      throw error;
    }
  };
  return new Proxy(embeddings, {
    has: (target, name) => name === TRACKED || name in target,
    get(target, name, receiver) {
      if (name === "embedQuery") return (text: string) => call(text, () => target.embedQuery(text));
      if (name === "embedDocuments")
        return (texts: string[]) => call(texts, () => target.embedDocuments(texts));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
}

const TRACKED = Symbol.for("payi.langchain.trackedEmbeddings");

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/^Azure/, "system.azureopenai"],
  [/^OpenAI/, "system.openai"],
  [/^Bedrock/, "system.aws.bedrock"],
  [/^(?:Google|Vertex)/, "system.google.vertex"],
  [/^Mistral/, "system.mistral"],
  [/^Cohere/, "system.cohere"],
  [/^Voyage/, "system.voyageai"],
];

function categoryOfClass(name: string): string | undefined {
  return CLASSES.find(([pattern]) => pattern.test(name))?.[1];
}
