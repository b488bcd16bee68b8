import { ConfigurationError, type PayiContext } from "@payi/core";
import { checkOptions, estimatePromptTokens, failureOf, isJson, openCallScope } from "@payi/core/call";

import { modelNameOf } from "./model.ts";
import { EMBEDDINGS_READERS } from "./options.ts";

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
 * reports them; else the tokens are estimated from the texts and marked as that. Wrapping twice is wrapping once. Everything
 * runs on the embeddings themselves, which may have private fields.
 *
 * @throws {ConfigurationError} for what is no embeddings model, such as the name of one.
 *
 * @example
 * const store = new MemoryVectorStore(trackEmbeddings(new OpenAIEmbeddings()));
 */
export function trackEmbeddings<Model extends EmbeddingsLike>(
  embeddings: Model,
  options: TrackEmbeddingsOptions = {},
): Model {
  if (!isEmbeddings(embeddings)) {
    throw new ConfigurationError(
      "embeddings",
      `trackEmbeddings() takes an embeddings model, an object with embedQuery() and embedDocuments() such as new OpenAIEmbeddings(), got ${describe(embeddings)}.`,
    );
  }
  checkOptions("trackEmbeddings", options, EMBEDDINGS_READERS);
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
  return onTarget(embeddings, {
    embedQuery: (text: string) => call(text, () => embeddings.embedQuery(text)),
    embedDocuments: (texts: string[]) => call(texts, () => embeddings.embedDocuments(texts)),
  });
}

/** `target` with `replaced` instead of its own; every other method runs on `target` itself, whatever it is called on. */
function onTarget<Target extends object>(
  target: Target,
  replaced: Readonly<Record<string, unknown>>,
): Target {
  const bound = new Map<string | symbol, { readonly from: unknown; readonly to: unknown }>();
  return new Proxy(target, {
    has: (_target, name) => name === TRACKED || name in target,
    get(_target, name) {
      const fixed = Reflect.getOwnPropertyDescriptor(target, name);
      // Of a frozen object a proxy may give nothing else.
      if (fixed?.configurable === false && fixed.writable === false) return fixed.value as unknown;
      if (typeof name === "string" && Object.hasOwn(replaced, name)) return replaced[name];
      const value: unknown = Reflect.get(target, name, target);
      // A bound class would be another one, without its statics.
      if (typeof value !== "function" || name === "constructor") return value;
      const known = bound.get(name);
      if (known?.from === value) return known.to;
      const to: unknown = value.bind(target);
      bound.set(name, { from: value, to });
      return to;
    },
    set: (_target, name, value) => Reflect.set(target, name, value, target),
  });
}

function isEmbeddings(value: unknown): boolean {
  if (!isJson(value)) return false;
  return typeof value["embedQuery"] === "function" && typeof value["embedDocuments"] === "function";
}

/** Names a value without what is in it: objects of SDKs have keys. */
function describe(value: unknown): string {
  if (typeof value === "function") return `the function ${value.name}`;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  return `an object of ${value.constructor?.name ?? "no class"} without them`;
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
